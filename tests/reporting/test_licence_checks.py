"""Filed exports beside licences, the ledger and customs records: each breach is found, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from licensing.models import Licence
from licensing.services import declarations
from portal.accounts.models import Organisation
from portal.registry.models import Lot
from reporting.checks.run import run
from reporting.frames import of_filing, tables_of
from reporting.models import Kind
from tests import factories
from tests.licensing import issued
from tests.licensing.declared import item
from tests.licensing.issued import CUSTOMS

DAY = date(2026, 5, 12)


@pytest.fixture
def licence(aurora: Organisation) -> Licence:
    span = {"issued_on": date(2026, 1, 5), "expires_on": date(2026, 12, 31)}
    return issued.licence(aurora, licence_no="REL-1", **span)


def found(of: Organisation, *, product: dict[str, Any] | None = None, **line: Any) -> list[str]:
    """The codes of LIC on a draft with one export of 1.250 kg, changed as said."""
    return found_all(of, [line], product=product)


def found_all(
    of: Organisation, lines: list[dict[str, Any]], *, product: dict[str, Any] | None = None
) -> list[str]:
    thing = factories.product(of, f"P-{of.products.count()}", **(product or {}))
    draft = factories.filing(of, "2026-05")
    client = factories.counterparty(of, f"C-{of.counterparties.count()}")
    values = {
        "licence_no": "REL-1",
        "declaration_no": "D-1",
        "destination": "DE",
        "date": DAY,
        "counterparty": client,
    }
    for number, line in enumerate(lines, 1):
        kg = line.pop("kg", "1.250")
        factories.line(draft, number, Kind.EXPORTED, thing, kg, "812.00", **(values | line))
    told = run(tables_of(of_filing(draft)))
    return sorted(code for code in told["code"].tolist() if code.startswith("LIC"))


def test_a_lawful_export_is_not_told_of(aurora: Organisation, licence: Licence) -> None:
    declarations.record(by=CUSTOMS, item=item(declared_on=DAY), door="load")
    assert found(aurora) == []


@pytest.mark.holds("export-check-exact")
@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ({"licence_no": ""}, ["LIC001"]),
        ({"licence_no": "REL-I"}, ["LIC002"]),
        ({"date": date(2026, 1, 4)}, ["LIC004"]),
        ({"destination": "FR"}, ["LIC008"]),
        ({"licence_line_no": 7}, ["LIC010"]),
        ({"kg": "10.000"}, []),
        ({"kg": "10.001"}, ["LIC011"]),
    ],
)
def test_each_breach_has_its_code(
    aurora: Organisation, licence: Licence, line: dict[str, Any], codes: list[str]
) -> None:
    assert found(aurora, **line) == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"expires_on": DAY}, []),
        ({"expires_on": DAY - timedelta(days=1)}, ["LIC005"]),
        ({"suspended_from": DAY, "suspended_until": DAY}, ["LIC006"]),
        ({"suspended_from": DAY - timedelta(days=9), "suspended_until": DAY - timedelta(days=1)}, []),
        ({"revoked_on": DAY, "status": "revoked"}, ["LIC007"]),
        ({"revoked_on": DAY + timedelta(days=1), "status": "revoked"}, []),
        ({"surrendered_on": DAY, "status": "surrendered"}, ["LIC007"]),
        ({"consignee_name": "Other Works SpA"}, ["LIC009"]),
        ({"consignee_name": "Other Works SpA", "end_user_name": "Rheinmotor GmbH"}, []),
        ({"consignee_name": "Rheinmotoren GmbH"}, []),
        ({"max_uses": 0}, ["LIC012"]),
    ],
)
def test_a_past_export_is_judged_by_its_own_day(
    aurora: Organisation, licence: Licence, changes: dict[str, Any], codes: list[str]
) -> None:
    Licence.objects.filter(pk=licence.pk).update(**changes)
    assert found(aurora) == codes


def test_goods_decide_whether_a_licence_is_needed(aurora: Organisation, licence: Licence) -> None:
    assert found(aurora, product={"dy_pct": "0", "tb_pct": "0"}, licence_no="") == []
    assert found_other_goods(aurora) == ["LIC010"]


def found_other_goods(aurora: Organisation) -> list[str]:
    aurora.filings.all().delete()
    return found(aurora, product={"dy_pct": "0", "tb_pct": "0.4"})


NO_HEAVY, HEAVY = {"dy_pct": "0", "tb_pct": "0"}, {"dy_pct": "1.2", "tb_pct": "0"}


@pytest.mark.parametrize(
    ("product", "assay", "batch", "codes"),
    [
        (NO_HEAVY, HEAVY, "L-1", ["LIC001"]),  # the lot is controlled though its product is not
        (HEAVY, NO_HEAVY, "L-1", []),  # and the reverse
        (NO_HEAVY, HEAVY, "L-2", []),  # a lot without an assay of its own is as its product
        (HEAVY, NO_HEAVY, "L-2", ["LIC001"]),
        (HEAVY, NO_HEAVY, "", ["LIC001"]),
        (
            HEAVY,
            {"nd_pct": "24"},
            "L-1",
            ["LIC001"],
        ),  # what was not measured of the lot is as the product says
        (NO_HEAVY, {"nd_pct": "24"}, "L-1", []),
        ({"dy_pct": None, "tb_pct": "0"}, {"dy_pct": "1.2"}, "L-1", ["LIC001"]),
        ({"dy_pct": None, "tb_pct": "0"}, {"dy_pct": "0"}, "L-1", []),
    ],
)
def test_a_lot_with_an_assay_of_its_own_is_judged_by_it(
    aurora: Organisation, product: dict[str, Any], assay: dict[str, Any], batch: str, codes: list[str]
) -> None:
    thing = factories.product(aurora, "P-lot", **product)
    Lot.objects.create(organisation=aurora, product=thing, batch="L-1", **assay)
    other = factories.product(aurora, "P-other", **NO_HEAVY)
    Lot.objects.create(organisation=aurora, product=other, batch="L-2", **HEAVY)  # a namesake of another good
    draft = factories.filing(aurora, "2026-05")
    values = {"destination": "DE", "date": DAY, "counterparty": factories.counterparty(aurora)}
    factories.line(draft, 1, Kind.EXPORTED, thing, "1", "812.00", batch=batch, **values)
    told = run(tables_of(of_filing(draft)))
    assert sorted(code for code in told["code"].tolist() if code.startswith("LIC")) == codes


def test_lots_of_one_product_on_one_day_are_told_apart(aurora: Organisation) -> None:
    thing = factories.product(aurora, **NO_HEAVY)
    Lot.objects.create(organisation=aurora, product=thing, batch="L-1", **HEAVY)
    draft = factories.filing(aurora, "2026-05")
    values = {"destination": "DE", "date": DAY, "counterparty": factories.counterparty(aurora)}
    for number, batch in enumerate(("", "L-1", "L-2"), 1):
        factories.line(draft, number, Kind.EXPORTED, thing, "1", "812.00", batch=batch, **values)
    told = run(tables_of(of_filing(draft)))
    assert told.loc[told["code"] == "LIC001", "line_no"].tolist() == [2]


def test_before_the_list_was_in_force_no_licence_was_needed(aurora: Organisation) -> None:
    assert found(aurora, licence_no="", date=date(2025, 4, 3)) == []
    aurora.filings.all().delete()
    assert found(aurora, licence_no="", date=date(2025, 4, 4)) == ["LIC001"]


def test_anothers_licence(aurora: Organisation, borealis: Organisation) -> None:
    issued.licence(borealis, licence_no="REL-1")
    assert found(aurora) == ["LIC003"]


def test_what_customs_recorded_governs(aurora: Organisation, licence: Licence) -> None:
    for number, grams in (("D-0", 9_000), ("D-1", 1_250)):
        declarations.record(by=CUSTOMS, item=item(number, declared_on=DAY, quantity_g=grams), door="load")
    assert found(aurora) == ["LIC011"]


def test_undeclared_exports_add_up_in_the_order_of_days(aurora: Organisation, licence: Licence) -> None:
    later, earlier = {"kg": "6", "date": DAY + timedelta(days=2)}, {"kg": "6", "declaration_no": "D-2"}
    assert found_all(aurora, [later, earlier]) == ["LIC011"]


def test_uses_count_declarations(aurora: Organisation) -> None:
    issued.licence(aurora, licence_no="REL-1", max_uses=1, issued_on=date(2026, 1, 5))
    lines = [{"kg": "1"}, {"kg": "1"}, {"kg": "1", "declaration_no": "D-2"}]
    assert found_all(aurora, lines) == ["LIC012"]
