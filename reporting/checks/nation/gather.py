"""What is kept of a part of the nation: sums by enterprise, month and partner. Small, whatever the lines.

Parts are gathered one after the other and put together; a part's lines are then let go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS, KIND_CODES, NA
from reporting.checks.derive.context import Array, Context, Ints, take
from reporting.checks.derive.filings import line_filing
from reporting.checks.derive.lines import line_counterparty, line_product
from reporting.checks.derive.products import contents
from reporting.checks.nation.chained import chained, counted
from reporting.checks.nation.columns import Part, References
from reporting.checks.nation.dealings import clients, dealt, goods
from reporting.checks.nation.declarations import exports_compared
from reporting.checks.nation.papers import claimed, compared

__all__ = ["Gathered", "gather", "together", "with_others"]

Floats = npt.NDArray[np.float64]
_STAGES: Final = 12  # the contract's, and 0 for none
_RECOUNTS: Final = (KIND_CODES["gained"], KIND_CODES["lost"])
_WORK: Final = (KIND_CODES["consumed"], KIND_CODES["produced"])
_GIVEN: Final = {"sold": 1, "purchased": 1, "returned_in": -1, "returned_out": -1}
LATE_DAY: Final = 20
"""What moves after this day of a month may be in the other side's books of the next."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The kept tables. `worked`: what was consumed or produced, by stage, with kg of each element. `chained`: the same by
    chain of work and element. `counts`: what counts found and lost. `filed`: months in force. `trades`: what was sold to or bought from registered enterprises. `claims`: invoices that buyers filed.
    `papers`: invoices and lines that disagree. `declarations`: customs' records and exports that disagree. `duties`: due
    and submitted. `deals`, `goods`, `clients`: who traded which product with whom, what it is, and how the other is named."""

    worked: pd.DataFrame
    chained: pd.DataFrame
    counts: pd.DataFrame
    filed: pd.DataFrame
    trades: pd.DataFrame
    claims: pd.DataFrame
    papers: pd.DataFrame
    declarations: pd.DataFrame
    duties: pd.DataFrame
    deals: pd.DataFrame
    goods: pd.DataFrame
    clients: pd.DataFrame


def gather(part: Part, references: References) -> Gathered:
    """Sum up a part of the nation."""
    context = Context(part.tables)
    lines = _Lines(context, references)
    return Gathered(
        worked=_worked(context, lines),
        chained=chained(context, lines),
        counts=counted(context, lines),
        filed=_filed(context, lines),
        trades=_trades(lines),
        claims=claimed(context, lines.organisation, lines.other_uscc),
        papers=compared(context, lines.organisation, part, references),
        declarations=exports_compared(context, lines.organisation, lines.period, part, references),
        duties=part.tables.obligations,
        deals=dealt(context, lines),
        goods=goods(context, references),
        clients=clients(context),
    )


def together(parts: Iterable[Gathered]) -> Gathered | None:
    """Put the parts together, a table after the other, so that none is held twice for long; None where there are none."""
    tables: dict[str, list[pd.DataFrame]] = {item.name: [] for item in fields(Gathered)}
    for part in parts:
        for name, pieces in tables.items():
            pieces.append(getattr(part, name))
        del part
    if not tables["filed"]:
        return None
    return Gathered(**{name: pd.concat(tables.pop(name), ignore_index=True) for name in list(tables)})


def with_others(own: Gathered, others: Part, references: References) -> Gathered:
    """Put beside what was gathered of an enterprise the trades, the claims and the months in force of others."""
    context = Context(others.tables)
    lines = _Lines(context, references)
    more = {
        "trades": _trades(lines), "claims": claimed(context, lines.organisation, lines.other_uscc),
        "filed": _filed(context, lines),
    }  # fmt: skip
    return replace(
        own, **{name: pd.concat([getattr(own, name), rows], ignore_index=True) for name, rows in more.items()}
    )


class _Lines:
    """The columns of the lines that everything here needs."""

    def __init__(self, context: Context, references: References) -> None:
        self.filing = context.once(line_filing)
        self.product = context.once(line_product)
        self.kind = context.array("lines", "kind")
        quantity = context.array("lines", "quantity_g")
        self.known = (self.filing >= 0) & (quantity != NA)
        self.grams = np.where(self.known, quantity, 0)
        self.period = take(context.array("filings", "period"), self.filing, NA)
        self.organisation = take(context.array("filings", "organisation_id"), self.filing, NA)
        self.stage = take(context.array("products", "stage"), self.product, 0).astype(np.int64)
        self.contents = _contents(context, self.product)
        self.bare = np.isnan(self.contents).all(axis=1)
        self.mass = np.nan_to_num(self.contents) / 100 * (self.grams / 1000)[:, None]
        doubt = take(context.array("products", "assay_rel_uncertainty_pct"), self.product, np.nan)
        self.doubt = np.where(np.isnan(doubt), 1.0, doubt) / 100
        self.day = _days(context.array("lines", "date"), self.period)
        self.other, self.other_uscc = _others(context, references)


def _contents(context: Context, product: Ints) -> Floats:
    """Contents of each line: of the assayed lot where there is one, else of the product."""
    found = context.once(contents)
    own: Floats = np.full((len(product), len(ELEMENTS)), np.nan)
    own[product >= 0] = found[product[product >= 0]]
    batches = context.text("lots", "batch")
    if not len(batches):
        return own
    batch = context.text("lines", "batch")
    word = np.append(batches.words.get_indexer(batch.words), -1)[batch.codes]
    width = len(batches.words) + 1
    key = context.array("lots", "product_id") * width + batches.codes
    order = np.argsort(key, kind="stable")
    wanted = context.array("lines", "product_id") * width + word
    place = order[np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)]
    met = (product >= 0) & (word >= 0) & (key[place] == wanted)
    assays = np.column_stack([context.array("lots", name) for name in CONTENT_COLUMNS])
    own[met] = assays[place[met]]
    return own


def _days(date: Array, period: Array) -> Ints:
    """Day of the month of each line, 0 where it is unknown or lies elsewhere."""
    known = (date != NA) & (period != NA)
    moment = np.where(known, date, 0).astype("datetime64[D]")
    first = moment.astype("datetime64[M]")
    month = first.astype(np.int64) + 1970 * 12
    day = (moment - first.astype("datetime64[D]")).astype(np.int64) + 1
    return np.where(known & (month == period), day, 0)


def _others(context: Context, references: References) -> tuple[Ints, Array]:
    """For each line the registered enterprise that its counterparty is (NA: none), and the party's USCC ("": none)."""
    place = context.once(line_counterparty)
    types, numbers = context.text("counterparties", "id_type"), context.text("counterparties", "id_number")
    uscc = np.append(np.asarray(numbers.words, dtype=object), "")[numbers.codes]
    uscc = np.where(types.isin(["USCC"]), uscc, "")
    ids = dict(
        zip(
            references.organisations["uscc"],
            references.organisations["organisation_id"].tolist(),
            strict=True,
        )
    )
    owner = np.array([ids.get(number, NA) for number in uscc.tolist()], dtype=np.int64)
    return take(owner, place, NA), take(uscc, place, "")


def _worked(context: Context, lines: _Lines) -> pd.DataFrame:
    chosen = np.flatnonzero(lines.known & np.isin(lines.kind, (*_WORK, *_RECOUNTS)) & (lines.product >= 0))
    key = (lines.filing[chosen] * (len(KIND_CODES) + 1) + lines.kind[chosen]) * _STAGES + lines.stage[chosen]
    distinct, place = np.unique(key, return_inverse=True)
    mass = np.zeros((len(distinct), len(ELEMENTS)))
    np.add.at(mass, place, lines.mass[chosen])
    doubt = lines.mass[chosen].sum(axis=1) * lines.doubt[chosen]
    filing, rest = np.divmod(distinct, (len(KIND_CODES) + 1) * _STAGES)
    made: dict[str, Any] = {
        "organisation_id": context.array("filings", "organisation_id")[filing],
        "period": context.array("filings", "period")[filing],
        "kind": rest // _STAGES,
        "stage": rest % _STAGES,
        "grams": _sums(place, lines.grams[chosen], len(distinct)),
        "doubt_kg": np.bincount(place, weights=doubt, minlength=len(distinct)),
    }
    return pd.DataFrame(made | {name: mass[:, column] for column, name in enumerate(ELEMENTS)})


def _sums(place: Ints, amounts: Ints, size: int) -> Ints:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, amounts)
    return total


def _filed(context: Context, lines: _Lines) -> pd.DataFrame:
    """Months in force; `blind` where something without contents was worked."""
    blind = np.zeros(len(context.array("filings", "period")), dtype=bool)
    blind[lines.filing[lines.known & np.isin(lines.kind, _WORK) & lines.bare]] = True
    names = ("filing_id", "organisation_id", "period")
    return pd.DataFrame({name: context.array("filings", name) for name in names} | {"blind": blind})


def _trades(lines: _Lines) -> pd.DataFrame:
    """Goods sold to and bought from registered enterprises, returns taken off, by partner, month and stage."""
    codes = [KIND_CODES[name] for name in _GIVEN]
    chosen = (
        lines.known & np.isin(lines.kind, codes) & (lines.other != NA) & (lines.other != lines.organisation)
    )
    at = np.flatnonzero(chosen)
    kind = lines.kind[at]
    sign = np.where(np.isin(kind, codes[:2]), 1, -1)
    sells = np.isin(kind, (KIND_CODES["sold"], KIND_CODES["returned_in"]))
    late = np.where(lines.day[at] > LATE_DAY, lines.grams[at], 0)
    frame = pd.DataFrame({
        "organisation_id": lines.organisation[at], "other_id": lines.other[at], "period": lines.period[at],
        "stage": lines.stage[at], "sells": sells, "grams": sign * lines.grams[at],
        "late_g": np.where(sign > 0, late, 0), "lines": np.ones(len(at), dtype=np.int64),
        "contained_kg": sign * lines.mass[at].sum(axis=1),
    })  # fmt: skip
    keys = ["organisation_id", "other_id", "period", "stage", "sells"]
    return frame.groupby(keys, as_index=False, sort=True).sum()
