"""Filings and their lines as they stand in the files: every cell is text."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from portal.simulation.domain.chance import Bools, Chance, Ints, Texts
from portal.simulation.domain.exact_text import kilogram_texts, yuan_texts
from portal.simulation.domain.flows import MonthFlows
from portal.simulation.domain.line_rows import KINDS, LineRows
from portal.simulation.domain.registers import Registers
from portal.simulation.domain.timeliness import LATE, ON_TIME, Timetable
from portal.simulation.domain.workdays import instant_text

FILING_COLUMNS: Final = (
    "organisation",
    "period",
    "version",
    "submitted_at",
    "nil",
    "amendment_reason",
    "status",
)
LINE_COLUMNS: Final = (
    "organisation", "period", "version", "line_no", "kind", "product", "quantity_kg", "value_cny", "counterparty",
    "destination", "licence_no", "declaration_no", "invoice_no", "licence_line_no", "date", "batch", "from_batches",
    "note",
)  # fmt: skip
_PRICED: Final = tuple(KINDS.index(kind) for kind in ("purchased", "imported", "sold", "exported"))
_INVOICED: Final = tuple(KINDS.index(kind) for kind in ("purchased", "sold"))
_REASONS: Final = {"value": "更正一笔交易的金额", "invoice": "补填发票号码"}
_NO_INVOICE_YET: Final = "发票尚未开具"


@dataclass(frozen=True)
class FiledMonth:
    """The filings and lines of one period, and the invoices written in it."""

    filings: pd.DataFrame
    lines: pd.DataFrame
    invoices: pd.DataFrame


class Filer:
    """Turns a month's rows into what each organisation files, first versions, corrections and nils."""

    def __init__(self, registers: Registers, times: Timetable, seed: int) -> None:
        self._registers, self._times = registers, times
        self._chance = Chance(seed, 8)
        self._kinds = np.array(KINDS, dtype=object)

    def month(self, done: MonthFlows, rows: LineRows, invoices: pd.DataFrame) -> FiledMonth:
        """One period. A second version carries the truth; the first one then had a slip."""
        column = done.offset
        files = np.isin(self._times.state[:, column], (ON_TIME, LATE))
        rows = rows.take(np.flatnonzero(files[rows.organisation] & done.active[rows.organisation]))
        line_no = _numbered(rows.organisation)
        slips = self._slips(rows, (self._times.second[:, column] >= 0) & files & done.active)
        filings = self._filings(done, files, slips)
        return FiledMonth(filings, self._lines(done, rows, line_no, slips), invoices)

    def _slips(self, rows: LineRows, corrected: Bools) -> dict[int, tuple[int, str]]:
        """For each organisation that files again: the row that was wrong at first, and how."""
        found = {}
        for organisation in np.flatnonzero(corrected).tolist():
            low, high = np.searchsorted(rows.organisation, [organisation, organisation + 1]).tolist()
            kinds = rows.kind[low:high]
            invoiced = low + np.flatnonzero(np.isin(kinds, _INVOICED))
            priced = low + np.flatnonzero(np.isin(kinds, _PRICED))
            if len(invoiced) and self._chance.happens(0.5):
                found[organisation] = (self._chance.pick(invoiced.tolist()), "invoice")
            elif len(priced):
                found[organisation] = (self._chance.pick(priced.tolist()), "value")
        return found

    def _filings(self, done: MonthFlows, files: Bools, slips: dict[int, tuple[int, str]]) -> pd.DataFrame:
        times, period = self._times, str(done.month)
        status = "submitted" if done.offset >= times.state.shape[1] - 2 else "accepted"
        rows = []
        for organisation in np.flatnonzero(files).tolist():
            uscc = str(self._registers.uscc[organisation])
            first, second = (
                int(times.first[organisation, done.offset]),
                int(times.second[organisation, done.offset]),
            )
            nil = "false" if done.active[organisation] else "true"
            if organisation not in slips:
                kept = second if times.withdrawn[organisation, done.offset] else first
                rows.append((uscc, period, "1", instant_text(kept), nil, "", status))
                continue
            before = "withdrawn" if times.withdrawn[organisation, done.offset] else status
            rows.append((uscc, period, "1", instant_text(first), nil, "", before))
            rows.append(
                (uscc, period, "2", instant_text(second), nil, _REASONS[slips[organisation][1]], status)
            )
        return pd.DataFrame(rows, columns=list(FILING_COLUMNS), dtype=object)

    def _lines(
        self, done: MonthFlows, rows: LineRows, line_no: Ints, slips: dict[int, tuple[int, str]]
    ) -> pd.DataFrame:
        twice = np.isin(rows.organisation, np.array(sorted(slips), dtype=np.int64))
        again = np.flatnonzero(twice)
        at = np.concatenate([np.arange(len(rows)), again])
        version = np.concatenate([np.ones(len(rows), dtype=np.int64), np.full(len(again), 2)])
        order = np.lexsort((line_no[at], version, rows.organisation[at]))
        at, version = at[order], version[order]
        columns = self._columns(done, rows.take(at), version, line_no[at])
        for row, what in slips.values():
            place = int(np.flatnonzero((at == row) & (version == 1))[0])
            if what == "invoice":
                columns["invoice_no"][place], columns["note"][place] = "", _NO_INVOICE_YET
            else:
                columns["value_cny"][place] = yuan_texts(rows.fen[row : row + 1] * 11 // 10 + 100)[0]
        return pd.DataFrame({name: columns[name] for name in LINE_COLUMNS}, dtype=object)

    def _columns(self, done: MonthFlows, rows: LineRows, version: Ints, line_no: Ints) -> dict[str, Texts]:
        known = self._registers
        count, period = len(rows), str(done.month)
        days = np.array(["", *(f"{period}-{day:02d}" for day in range(1, 32))], dtype=object)
        numbers = np.array([str(n) for n in range(int(line_no.max(initial=0)) + 1)], dtype=object)
        exported = rows.kind == KINDS.index("exported")
        return {
            "organisation": known.uscc[rows.organisation],
            "period": np.full(count, period, dtype=object),
            "version": np.array(["", "1", "2"], dtype=object)[version],
            "line_no": numbers[line_no],
            "kind": self._kinds[rows.kind],
            "product": known.product_code[rows.product],
            "quantity_kg": kilogram_texts(rows.grams, known.decimals[rows.product]),
            "value_cny": yuan_texts(rows.fen),
            "counterparty": known.counterparty_codes(rows.organisation, rows.partner),
            "destination": np.where(exported, known.destination[rows.partner], ""),
            "licence_no": np.where(exported, rows.licence, ""),
            "declaration_no": rows.declaration,
            "invoice_no": rows.invoice,
            "licence_line_no": np.full(count, "", dtype=object),
            "date": days[np.maximum(rows.day, 0)],
            "batch": rows.batch,
            "from_batches": rows.made_from,
            "note": rows.note,
        }


def _numbered(organisation: Ints) -> Ints:
    """1, 2, 3... within each organisation; the rows are sorted by it."""
    first = np.searchsorted(organisation, organisation)
    return np.arange(len(organisation)) - first + 1
