"""Run the national checks over what was gathered: scored findings, those of one enterprise and time in one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from math import floor, log
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import NA
from reporting.checks.core import Check, national_checks
from reporting.checks.core import sources as sources_of
from reporting.checks.nation import (
    countings,
    documents,
    excesses,
    ghosts,
    mirror,
    mixtures,
    named,
    prices,
    rings,
    shells,
    trends,
    yearly,
)
from reporting.checks.nation.cases import into_cases
from reporting.checks.nation.rows import KINDS_OF_ROWS, Nation, Rows
from reporting.checks.text import Text
from reporting.checks.values import period_text, plain_figures, written
from reporting.checks.view import View

__all__ = ["run", "told"]

GROWTH: Final = 1.5
"""What was decided stands until what it is about has grown by half."""
MAKERS: Final = (
    countings, documents, excesses, ghosts, mirror, mixtures, named, prices, rings, shells, trends, yearly,
)  # fmt: skip
"""The modules that make the rows; importing them registers the kinds."""


def run(
    nation: Nation, checks: Iterable[Check] | None = None, alive: Callable[[], None] = lambda: None
) -> list[dict[str, Any]]:
    """Return the findings, ordered by organisation, anchor, code and subject; plain values throughout.

    Code, organisation, `anchor` month and subject are a finding's stable fingerprint; `period` moves on with the evidence.
    Where nothing was filed there is nothing to compare. ``alive`` is called after each check.
    """
    if not len(nation.gathered.filed):
        return []
    found = told(nation, national_checks() if checks is None else checks, alive)
    into_cases(found, nation)
    return found


def told(
    nation: Nation, checks: Iterable[Check], alive: Callable[[], None] = lambda: None
) -> list[dict[str, Any]]:
    """Return the findings of these checks, in that order, before they are put into cases.

    What a family made is let go before the next begins: of a whole nation it is as much as the tables themselves.
    """
    found: list[dict[str, Any]] = []
    for _family, checks_of_it in groupby(checks, key=lambda item: item.family):
        for item in checks_of_it:
            found += _findings(nation, item)
            alive()
        nation.forget()
    found.sort(key=lambda row: (row["organisation_id"], row["anchor"], row["code"], row["subject"]))
    return found


def _findings(nation: Nation, item: Check) -> list[dict[str, Any]]:
    rows = nation.rows(item.per)
    if not rows.size:
        return []
    mask = item.function(View(item.reads, _fetch(rows), rows.size))
    at = np.flatnonzero(mask)
    return [] if not len(at) else _described(nation, item, rows, at)


def _fetch(rows: Rows) -> Callable[[str], npt.NDArray[Any] | Text]:
    def fetch(name: str) -> npt.NDArray[Any] | Text:
        column = rows.columns[name]
        if column.dtype != object:
            return column
        codes, words = pd.factorize(column)
        return Text(codes, pd.Index(words, dtype=object))

    return fetch


def _described(nation: Nation, item: Check, rows: Rows, at: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    columns = {name: rows.columns[name][at] for name in item.reads}
    figures = _by_row({name: plain_figures(column) for name, column in columns.items()}, len(at))
    periods = [period_text(period) for period in rows.period[at].tolist()]
    firsts = [period_text(period) for period in rows.first[at].tolist()]
    shown = {name: _shown(name, columns, periods, firsts, item) for name in item.placeholders}
    scores = (
        nation.calibration.score(item.statistic, columns[item.statistic]).tolist() if item.statistic else None
    )
    ids = {
        name: rows.of(name)[at].tolist()
        for name in ("organisation", "first", "anchor", "period", "other", "line_no", "counterparty")
    }
    elements = columns["element"].tolist() if "element" in columns else [None] * len(at)
    numbers = columns["declaration_no"].tolist() if "declaration_no" in columns else [""] * len(at)
    return [
        {
            "code": item.code, "severity": str(item.severity), "queue": str(item.queue), "product_id": NA,
            "organisation_id": ids["organisation"][place], "period": ids["period"][place],
            "first_period": ids["first"][place], "anchor": ids["anchor"][place], "element": elements[place],
            "other_organisation_id": ids["other"][place], "line_no": ids["line_no"][place], "counterparty_id": ids["counterparty"][place],
            "declaration_no": numbers[place], "subject": str(rows.subject[at[place]])[:120], "values": values, "figures": figures[place],
            "score": None if scores is None else scores[place], "case": "",
            "rests_on": _rests_on(item, figures[place], ids["first"][place]),
        }
        for place, values in enumerate(_by_row(shown, len(at)))
    ]  # fmt: skip


def _by_row(columns: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    return [{name: column[place] for name, column in columns.items()} for place in range(count)]


def _shown(
    name: str, columns: dict[str, Any], periods: list[str], firsts: list[str], item: Check
) -> list[Any]:
    if name in {"period", "first_period"}:
        return periods if name == "period" else firsts
    source = next(one for one in sources_of(name) if one in item.reads)
    column = columns[source]
    return column.tolist() if column.dtype == object else written(source, column.tolist())


def _rests_on(item: Check, figures: dict[str, Any], first: int) -> dict[str, Any]:
    """The figures by which a decision holds."""
    if not item.grows:
        return figures
    size = abs(float(figures[item.grows] or 0.0))
    return {"size": floor(log(size) / log(GROWTH)) if size > 0 else None}


def kinds() -> frozenset[str]:
    """The kinds of rows there are."""
    return frozenset(KINDS_OF_ROWS)
