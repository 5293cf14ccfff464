"""Who looks like whom, out of the register: watch lists, numbers under other names, names with other numbers."""

from __future__ import annotations

from datetime import date

from portal.registry.models import WatchEntry
from reporting.frames.likenesses import identities, likenesses, records
from tests import factories

DAY = date(2026, 7, 1)
LEI, OTHER_LEI = "529900T8BM49AURSDO55", "7LTWFZYICNSX8D621K86"
ADDRESS = {"country": "DE", "address": "Industriestraße 12", "city": "Hanau"}
USUAL = {"name": "Alder Antriebe GmbH", "id_type": "LEI", "id_number": LEI} | ADDRESS


def entry(**fields):
    values = {"list_name": "EU", "entry": "E0", "name": "Alder Antriebe GmbH", "country": "DE"}
    return WatchEntry.objects.create(**values | fields)


def told(frame):
    return [(row.counterparty_id, row.role, row.entry, row.same_number) for row in frame.itertuples()]


def client(of, code, name, **fields):
    return factories.counterparty(of, code, **{"name": name, "country": "DE"} | fields)


def test_no_list_is_no_likeness(aurora):
    factories.counterparty(aurora)
    assert likenesses(DAY, records()).empty


def test_a_client_and_an_end_user_written_otherwise_are_found_and_a_stranger_is_not(aurora):
    entry()
    buyer = client(aurora, "C-1", "ALDER-ANTRIEBE GmbH & Co. KG")
    carrier = client(aurora, "C-2", "Spedition Nord", end_user_name="Alder Antriebe", end_user_country="DE")
    client(aurora, "C-3", "Solvera Windkraft AG")
    found = likenesses(DAY, records())
    assert told(found) == [(buyer.pk, "client", "EU E0", False), (carrier.pk, "end_user", "EU E0", False)]
    assert (found["likeness"] >= 50).all()
    assert (found["brand_bits"] > 0).all()


def test_the_number_of_an_entry_is_certain_whatever_the_name(aurora):
    entry(id_number=f"LEI:{LEI}")
    buyer = client(aurora, "C-1", "Umbra Motion", id_type="LEI", id_number=LEI)
    found = likenesses(DAY, records())
    assert told(found) == [(buyer.pk, "client", "EU E0", True)]
    assert found["likeness"].tolist() == [100]


def test_an_entry_that_ended_is_not_held_against_anybody(aurora):
    entry(valid_until=date(2026, 6, 30))
    client(aurora, "C-1", "Alder Antriebe GmbH")
    assert likenesses(DAY, records()).empty


def test_a_number_under_another_name_is_told_of_who_gives_it_and_a_slip_is_not(aurora, borealis):
    factories.counterparty(borealis, "C-1", **USUAL)
    usual = factories.counterparty(aurora, "C-1", **USUAL)
    renamed = factories.counterparty(aurora, "C-2", **USUAL | {"name": "Solvera Windkraft AG"})
    factories.counterparty(aurora, "C-3", **USUAL | {"name": "Alder Antrieb GmbH"})
    found = identities(records())
    assert found[["counterparty_id", "fault"]].to_numpy().tolist() == [[renamed.pk, 1]]
    assert found["elsewhere"].tolist() == [usual.name]


def test_one_name_at_one_address_with_another_number_is_told(aurora, borealis):
    factories.counterparty(borealis, "C-1", **USUAL)
    factories.counterparty(aurora, "C-1", **USUAL)
    twin = factories.counterparty(aurora, "C-2", **USUAL | {"id_number": OTHER_LEI})
    factories.counterparty(aurora, "C-3", **USUAL | {"id_number": OTHER_LEI, "address": "Am Hafen 3"})
    found = identities(records())
    assert found[["counterparty_id", "fault"]].to_numpy().tolist() == [[twin.pk, 2]]
    assert found["elsewhere"].tolist() == [LEI]
