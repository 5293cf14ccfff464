"""A lot's assay stands above the product's, and accuses nobody by standing there."""

from __future__ import annotations

from dataclasses import replace

from reporting.checks import columns
from reporting.checks.core import all_checks, filing
from reporting.checks.run import run

all_checks()


def test_a_mine_whose_lot_is_richer_than_its_catalogue_made_nothing_from_nothing() -> None:
    example = filing("produced K 900000 batch=L1", products=("K stage=concentrate family= ce_pct=30",))
    tables = example.tables()
    product = int(tables.products.product_id.iloc[0])
    lots = columns.table(
        "lots",
        {"product_id": [product], "batch": ["L1"], "nd_pct": [24.0], "pr_pct": [6.0], "ce_pct": [31.0]},
    )
    assert run(tables, codes=["YLD002"]).empty
    assert run(replace(tables, lots=lots), codes=["YLD002"]).empty
