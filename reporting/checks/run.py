"""Run the checks over tables: one draft while it is typed, or every filing of two years at night, alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from reporting.checks.columns import ELEMENTS, NA, Tables
from reporting.checks.core import Check, Severity, all_checks
from reporting.checks.derive.context import Array, Column, Context, Ints, Rows, take
from reporting.checks.text import Mask
from reporting.checks.values import figures_of, period_index, values_of
from reporting.checks.view import View

__all__ = ["FINDING_COLUMNS", "run"]

FINDING_COLUMNS: Final = (
    "code", "severity", "queue", "filing_id", "organisation_id", "period", "line_no", "product_id", "element",
    "counterparty_id", "subject", "values", "figures",
)  # fmt: skip


def run(
    tables: Tables,
    codes: Collection[str] | None = None,
    severities: Collection[Severity] | None = None,
    *,
    checks: Iterable[Check] | None = None,
) -> pd.DataFrame:
    """Return the findings of the checks over the judged filings and the obligations of `tables`.

    `codes` and `severities` choose among all checks; `checks` gives other ones instead. A row per finding, ordered
    by organisation, period, code and subject, with the columns FINDING_COLUMNS: ids as int64 with NA (`filing_id` is
    NA for obligations), `element` a symbol or None, `values` what the message shows (a dict of texts and integers),
    `figures` the declared columns that the decision rests on, raw. `subject` names the row within its filing (by line
    number, product code, counterparty code or element): code, organisation, period and subject are the stable
    fingerprint of a finding.
    """
    chosen = [
        item
        for item in (all_checks() if checks is None else checks)
        if (codes is None or item.code in codes) and (severities is None or item.severity in severities)
    ]
    context = Context(tables)
    found = [part for item in chosen if (part := _findings(context, item))]
    return _table([row for part in found for row in part])


def _findings(context: Context, item: Check) -> list[dict[str, Any]]:
    broken = broken_rows(context, item)
    return [] if not len(broken) else _describe(context, item, broken)


def broken_rows(context: Context, item: Check) -> Ints:
    """Return which rows of the kind `item.per` break the check."""
    rows = _judged(context, item.per)
    rows = _in_force(context, item, rows)
    whole = context.rows(item.per).size
    for name in item.needs:
        if not (whole if rows is None else len(rows)):
            break  # columns that nobody asks for any more are not made
        gaps = context.missing(item.per, name)
        if gaps is not None:
            rows = np.flatnonzero(~gaps) if rows is None else rows[~gaps[rows]]
    size = whole if rows is None else len(rows)
    if not size:
        return np.zeros(0, dtype=np.int64)
    mask: Mask = item.function(View(item.reads, _fetch(context, item.per, rows), size))
    places = np.flatnonzero(mask)
    return places if rows is None else rows[places]


def _fetch(context: Context, per: str, rows: Ints | None) -> Callable[[str], Column]:
    def fetch(name: str) -> Column:
        column = context.column(per, name)
        return column if rows is None else column[rows]

    return fetch


def _judged(context: Context, per: str) -> Ints | None:
    """Return the rows to be judged, None for all."""
    found = context.rows(per)
    if found.filing is None:
        return None
    key = ("judged", per)

    def make(inner: Context) -> tuple[Ints | None]:
        mask = take(inner.array("filings", "judged"), found.filing, False)  # type: ignore[arg-type]
        return (None if mask.all() else np.flatnonzero(mask),)

    return context.remember(key, make)[0]


def _in_force(context: Context, item: Check, rows: Ints | None) -> Ints | None:
    if not item.in_force_from and not item.in_force_until:
        return rows
    period = _periods(context, item.per, context.rows(item.per))
    keep = np.ones(len(period), dtype=bool)
    if item.in_force_from:
        keep &= period >= period_index(item.in_force_from)
    if item.in_force_until:
        keep &= period <= period_index(item.in_force_until)
    return np.flatnonzero(keep) if rows is None else rows[keep[rows]]


def _periods(context: Context, per: str, rows: Rows) -> Array:
    if rows.filing is None:
        return context.array(f"{per}s", "period")
    return take(context.array("filings", "period"), rows.filing, NA)


def _describe(context: Context, item: Check, broken: Ints) -> list[dict[str, Any]]:
    rows = context.rows(item.per)
    count = len(broken)
    organisations, filings = _owners(context, rows, broken)
    periods = _periods(context, item.per, rows)[broken].tolist()
    named = _named(context, rows, broken)
    values = values_of(context, item, broken, named, periods)
    figures = figures_of(context, item, broken)
    subjects = _subjects(item.per, named, count)
    return [
        {
            "code": item.code, "severity": str(item.severity), "queue": str(item.queue), "filing_id": filings[place],
            "organisation_id": organisations[place], "period": periods[place], "line_no": named["line_no"][place],
            "product_id": named["product_id"][place], "element": named["element"][place],
            "counterparty_id": named["counterparty_id"][place], "subject": subjects[place], "values": values[place],
            "figures": figures[place],
        }
        for place in range(count)
    ]  # fmt: skip


def _owners(context: Context, rows: Rows, broken: Ints) -> tuple[list[int], list[int]]:
    if rows.filing is None:
        return context.array("obligations", "organisation_id")[broken].tolist(), [NA] * len(broken)
    filing = rows.filing[broken]
    organisation = context.array("filings", "organisation_id")[filing].tolist()
    return organisation, context.array("filings", "filing_id")[filing].tolist()


def _named(context: Context, rows: Rows, broken: Ints) -> dict[str, list[Any]]:
    """Return what each broken row is about: ids and the codes that people know them by."""
    count = len(broken)
    nothing: list[Any] = [None] * count
    named: dict[str, list[Any]] = {"element": nothing, "product": nothing, "counterparty": nothing}
    named["line_no"] = [NA] * count if rows.line_no is None else rows.line_no[broken].tolist()
    for name, table, places in (
        ("product", "products", rows.product),
        ("counterparty", "counterparties", rows.counterparty),
    ):
        named[f"{name}_id"] = [NA] * count
        if places is not None:
            chosen = places[broken]
            named[f"{name}_id"] = take(context.array(table, f"{name}_id"), chosen, NA).tolist()
            codes = context.text(table, "code")
            named[name] = [codes.at(place) if place >= 0 else None for place in chosen.tolist()]
    if rows.element is not None:
        named["element"] = [ELEMENTS[place] for place in rows.element[broken].tolist()]
    return named


def _subjects(per: str, named: dict[str, list[Any]], count: int) -> list[str]:
    if per in {"filing", "obligation"}:
        return [per] * count
    key = "line_no" if per == "line" else per
    return [f"{per}:{'' if value in (NA, None) else value}" for value in named[key]]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the findings in their order; equal subjects of one check and filing (a line number given twice) are
    told apart by a count, so that a fingerprint stands for one finding."""
    rows.sort(key=lambda row: (row["organisation_id"], row["period"], row["code"], row["subject"], _tie(row)))
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = (row["organisation_id"], row["period"], row["code"], row["subject"])
        seen[key] = again = seen.get(key, 0) + 1
        if again > 1:
            row["subject"] = f"{row['subject']}~{again}"
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in FINDING_COLUMNS}
    for name in ("filing_id", "organisation_id", "period", "line_no", "product_id", "counterparty_id"):
        columns[name] = np.array(columns[name], dtype=np.int64)
    for name in ("code", "severity", "queue", "element", "subject", "values", "figures"):
        made = np.empty(len(rows), dtype=object)
        made[:] = columns[name]
        columns[name] = pd.Series(made, dtype=object)
    return pd.DataFrame(columns)


def _tie(row: dict[str, Any]) -> str:
    return (
        ""
        if not row["subject"].startswith("line:")
        else json.dumps(row["figures"], sort_keys=True, default=str)
    )
