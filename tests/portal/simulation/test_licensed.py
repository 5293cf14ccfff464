"""Licences and declarations of the honest nation agree with what it files, and with one another."""

from __future__ import annotations

import pandas as pd
import pytest

from licensing.models import Declaration, LicenceLine
from licensing.queries.classification import verdicts_of
from licensing.queries.reconciliation import differences
from portal.core.actors import Actor
from portal.exchange.services.loading import load
from portal.registry.models import Product
from portal.simulation.domain.nation import Nation, write_nation

SYSTEM = Actor.system("tests")
SAME = {
    "declared_on": "date", "licence_no": "licence_no", "quantity_kg": "quantity_kg", "value_cny": "value_cny",
    "destination": "destination", "exporter": "organisation",
}  # fmt: skip


@pytest.fixture
def loaded(db, tmp_path):
    write_nation(Nation(7, 30, "2025-03", 15), tmp_path)
    report = load(by=SYSTEM, folder=tmp_path)
    assert not report.faults
    return tmp_path


def test_every_filed_export_was_declared_as_it_was_filed(
    nation: dict[str, pd.DataFrame], in_force: pd.DataFrame
) -> None:
    exports = in_force[in_force["kind"] == "exported"]
    both = exports.merge(nation["declarations"], on="declaration_no", how="left", suffixes=("", "_declared"))
    for declared, filed in SAME.items():
        other = f"{declared}_declared" if f"{declared}_declared" in both else declared
        assert (both[other] == both[filed]).all(), declared
    assert len(nation["declarations"]) >= len(exports) > 100


def test_the_office_granted_enough_for_each_year(loaded):
    states = set(Declaration.objects.values_list("state", "reason"))
    assert states == {("drawn", ""), ("free", "")}
    assert differences() == []
    assert all(0 < line.drawn_g <= line.authorised_g for line in LicenceLine.objects.all())


def test_what_the_list_controls_has_a_licence_whose_line_covers_it(loaded):
    """The exporter's reading of the list and the portal's are the same for everything that is shipped."""
    from reporting.models import Kind, Line

    shipped = Line.objects.filter(kind=Kind.EXPORTED, date__gte="2025-04-04").exclude(product=None)
    licences = {(row["product_id"], row["licence_no"]) for row in shipped.values("product_id", "licence_no")}
    products = {one.pk: one for one in Product.objects.filter(pk__in={pk for pk, _number in licences})}
    verdicts = dict(zip(products, verdicts_of(products.values()), strict=True))
    lines = {line.licence.licence_no: line for line in LicenceLine.objects.select_related("licence")}
    for product_id, number in licences:
        verdict = verdicts[product_id]
        if verdict.verdict == "licence_required":
            covered = [
                code for code in verdict.control_codes for own in lines[number].codes if code.startswith(own)
            ]
            assert covered, (verdict.control_codes, lines[number].codes)
