"""Numbers that hold, names that are nobody else's."""

import stdnum.cn.uscc
import stdnum.eu.vat
import stdnum.lei

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.identity_numbers import lei, uscc, vat


def test_codes_have_true_check_characters():
    chance = Chance(5, 99)
    for _ in range(200):
        assert stdnum.cn.uscc.is_valid(uscc(chance, "330212"))
        assert stdnum.lei.is_valid(lei(chance))
    for country in ("DE", "IT", "PL", "HU", "SI", "FI"):
        assert stdnum.eu.vat.is_valid(vat(chance, country))
    assert vat(chance, "JP") == ""


def test_every_organisation_and_partner_has_a_number_that_holds(nation):
    assert nation["organisations"]["uscc"].map(stdnum.cn.uscc.is_valid).all()
    parties = nation["counterparties"]
    for kind, valid in (("USCC", stdnum.cn.uscc), ("LEI", stdnum.lei), ("VAT", stdnum.eu.vat)):
        numbers = parties[parties["id_type"] == kind]["id_number"]
        assert len(numbers) > 0
        assert numbers.map(valid.is_valid).all()
    assert (parties[parties["country"] == "CN"]["id_type"] == "USCC").all()


def test_some_clients_abroad_give_no_number(nation):
    abroad = nation["counterparties"].query("country != 'CN'")
    assert 0 < (abroad["id_type"] == "").mean() < 0.6


def test_no_two_organisations_share_a_name(nation):
    organisations = nation["organisations"]
    assert organisations["name_zh"].is_unique
    assert organisations["uscc"].is_unique


def test_a_partner_who_reports_is_named_as_he_is_registered(nation):
    joined = nation["counterparties"].merge(nation["organisations"], left_on="id_number", right_on="uscc")
    assert len(joined) > 50
    assert (joined["name"] == joined["name_zh"]).all()
