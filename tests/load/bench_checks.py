"""How fast the filing checks are: a draft of 50 lines with its year, and a nation of a million lines.

    python -m tests.load.bench_checks

Both are built from plain arithmetic, the same at every run: balanced products, a fault in one line of a thousand.
"""

import json
import time

import numpy as np
import pandas as pd

from reporting.checks.columns import CONTENT_COLUMNS, KIND_CODES, STAGE_CODES, Tables, empty_tables, table
from reporting.checks.core import all_checks
from reporting.checks.run import run

FIRST = 2024 * 12
IN = ("purchased", "produced", "imported", "tolled_in", "returned_in")
OUT = ("sold", "consumed", "exported", "tolled_out", "returned_out")


def words(prefix, numbers):
    """Return a category column of distinct words, one for each distinct number; missing where it is negative."""
    codes, names = pd.factorize(np.where(numbers < 0, np.nan, numbers))
    return pd.Categorical.from_codes(codes, categories=[f"{prefix}{int(name):07d}" for name in names])


def nation(organisations, months, products, pairs, *, judged_from=0, parties=20):
    """Return tables: per product and month an opening, `pairs` arrivals and departures that balance, a closing."""
    per_product = 2 + 2 * pairs
    per_filing = products * per_product
    size = organisations * months * per_filing
    row = np.arange(size)
    within = row % per_product
    product = row // per_product % products
    filing = row // per_filing
    organisation, month = filing // months, filing % months
    slot = (within - 1) // 2
    kinds = [KIND_CODES["opening"]]
    for pair in range(pairs):
        kinds += [KIND_CODES[IN[pair % len(IN)]], KIND_CODES[OUT[pair % len(OUT)]]]
    kind = np.array([*kinds, KIND_CODES["closing"]])[within]
    stock = np.isin(kind, (KIND_CODES["opening"], KIND_CODES["closing"]))
    quantity = 100_000 + 1_000 * ((product * 7 + slot * 13 + month * 3 + organisation) % 50)
    quantity = np.where(stock, 500_000 + product * 1_000, quantity)
    quantity = np.where(row % 1000 == 777, quantity + 5_000, quantity)
    named = ~stock & ~np.isin(kind, (KIND_CODES["produced"], KIND_CODES["consumed"]))
    priced = np.isin(kind, [KIND_CODES[name] for name in ("purchased", "imported", "sold", "exported")])
    crossed = np.isin(kind, (KIND_CODES["imported"], KIND_CODES["exported"]))
    first_day = (FIRST - 1970 * 12 + month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    absent = np.full(size, -1)
    lines = {
        "filing_id": filing + 1,
        "line_no": row % per_filing + 1,
        "kind": kind,
        "product_id": organisation * products + product + 1,
        "counterparty_id": np.where(named, organisation * parties + (product + slot) % parties + 1, -(2**63)),
        "quantity_g": quantity,
        "quantity_dp": np.ones(size, dtype=np.int64),
        "value_fen": np.where(priced, quantity // 10 * (200 + product % 7), -(2**63)),
        "value_dp": np.full(size, 2),
        "destination": words("D", np.where(kind == KIND_CODES["exported"], 1, absent)).rename_categories(
            ["US"]
        ),
        "declaration_no": words("31", np.where(crossed, row, absent)),
        "invoice_no": words("INV", np.where(priced, row, absent)),
        "date": np.where(named, first_day + 1 + slot * 2 + (within + 1) % 2, -(2**63)),
    }
    return Tables(
        filings=_filings(organisations, months, judged_from),
        lines=table("lines", lines),
        products=_products(organisations, products),
        counterparties=_parties(organisations, parties),
        obligations=_obligations(organisations, months),
    )


def _filings(organisations, months, judged_from):
    number = np.arange(organisations * months)
    month = number % months
    return table(
        "filings",
        {
            "filing_id": number + 1,
            "organisation_id": number // months + 1,
            "uscc": words("91", number // months),
            "period": FIRST + month,
            "version": np.ones(len(number), dtype=np.int64),
            "nil": np.zeros(len(number), dtype=bool),
            "judged": month >= judged_from,
            "first": month == 0,
        },
    )


def _products(organisations, products):
    number = np.arange(organisations * products)
    stages = [STAGE_CODES[name] for name in ("oxide", "metal", "alloy", "magnet")]
    share = {name: np.full(len(number), np.nan) for name in CONTENT_COLUMNS}
    share["nd_pct"], share["pr_pct"], share["dy_pct"] = (
        np.full(len(number), value) for value in (23.0, 6.0, 1.0)
    )
    return table(
        "products",
        {
            "product_id": number + 1,
            "organisation_id": number // products + 1,
            "code": words("P", number),
            "name": words("Product ", number),
            "stage": np.array(stages)[number % 4],
            "family": words("f", np.where(number % 4 == 3, 0, -1)).rename_categories(["ndfeb"]),
            **share,
        },
    )


def _parties(organisations, parties):
    number = np.arange(organisations * parties)
    return table(
        "counterparties",
        {
            "counterparty_id": number + 1,
            "organisation_id": number // parties + 1,
            "code": words("C", number),
            "name": words("Client Works ", number),
            "country": words("c", number * 0).rename_categories(["US"]),
            "id_type": words("t", number * 0).rename_categories(["VAT"]),
            "id_number": words("DE12", number),
            "end_use": words("use", number % 5),
        },
    )


def _obligations(organisations, months):
    number = np.arange(organisations * months)
    due = 1_704_067_200 + 2_592_000 * (number % months)
    late = number % 97 == 5
    return table(
        "obligations",
        {
            "organisation_id": number // months + 1,
            "period": FIRST + number % months,
            "due": due,
            "submitted": np.where(late, due + 1, due),
            "as_of": np.full(len(number), 1_800_000_000),
        },
    )


def timed(tables, times=1):
    """Return the least seconds that a run takes, and its findings."""
    best, found = float("inf"), pd.DataFrame()
    for _turn in range(times):
        start = time.perf_counter()
        found = run(tables)
        best = min(best, time.perf_counter() - start)
    return best, found


def measure():
    """Return the figures: milliseconds for the draft, seconds for the nation, and what they were taken on."""
    checks = all_checks()
    run(empty_tables())
    draft = nation(1, 13, 5, 4, judged_from=12)
    draft_seconds, draft_found = timed(draft, times=20)
    large = nation(300, 24, 12, 5)
    nation_seconds, nation_found = timed(large)
    return {
        "checks": len(checks),
        "draft_lines": 50,
        "draft_past_lines": len(draft.lines) - 50,
        "draft_findings": len(draft_found),
        "draft_ms": round(1000 * draft_seconds, 1),
        "nation_lines": len(large.lines),
        "nation_findings": len(nation_found),
        "nation_seconds": round(nation_seconds, 2),
        "nation_lines_per_second": round(len(large.lines) / nation_seconds),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
