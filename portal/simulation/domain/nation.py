"""An honest nation from a seed: every table of the data dictionary that it has, as text ready to be filed.

The same seed and sizes give the same bytes on any machine. Months are computed one at a time, so that
`write_nation` needs memory for one of them only.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.filed import FILING_COLUMNS, LINE_COLUMNS, FiledMonth, Filer
from portal.simulation.domain.flows import flows
from portal.simulation.domain.licensed import Office
from portal.simulation.domain.line_rows import line_rows
from portal.simulation.domain.papers import Papers, lot_labels
from portal.simulation.domain.plan import arrange
from portal.simulation.domain.registers import Registers, registers, with_capacity
from portal.simulation.domain.threads import Threader
from portal.simulation.domain.timeliness import LATE, ON_TIME, Timetable, timetable
from portal.simulation.domain.truth import lateness, planted_cases
from portal.simulation.domain.yearbook import Yearbook, reference_prices

#: The dictionary's tables that a nation gives, in the order in which they are written.
TABLES: Final = (
    "organisations", "products", "counterparties", "licences", "licence_lines", "declarations", "filings", "lines",
    "extensions", "lots", "quotas", "reference_prices",
)  # fmt: skip
TRUTH_TABLES: Final = ("truth", "lateness")
_EXTENSION_COLUMNS: Final = ("organisation", "period", "until", "reason")


class Nation:
    """A nation being made: read `months()` to its end, then `closing_tables()`."""

    def __init__(
        self, seed: int, enterprises: int, start: Month | str, months: int, open_last: bool = False
    ) -> None:
        """ValueError for sizes that make no nation, or a start that is no month."""
        if months < 1:
            raise ValueError("a nation has at least one month")
        if seed < 0:
            raise ValueError("the seed is 0 or more")
        self._seed, self._months = seed, months
        self._first = start if isinstance(start, Month) else Month.parse(start)
        self._net = arrange(seed, enterprises, months)
        self._known: Registers = registers(self._net, seed, self._first)
        self._times: Timetable = timetable(self._net.cast.organisations, seed, self._first, months, open_last)
        self._yearbook = Yearbook(self._net, self._known, seed)
        self._office = Office(self._net, self._known, seed)

    def months(self) -> Iterator[FiledMonth]:
        """The filings and lines, period by period."""
        owner = np.array([p.organisation for p in self._net.products], dtype=np.int64)
        papers, threader = Papers(self._net, self._seed), Threader(self._net)
        filer = Filer(self._known, self._times, self._seed)
        for done in flows(self._net, self._seed, self._first, self._months):
            labels = lot_labels(self._net, self._known.local_number, done)
            threads = threader.month(done, labels)
            numbers = papers.of(done.month, done.moves)
            self._office.add(done.month, done.moves, numbers[1], numbers[2])
            rows = line_rows(owner, len(self._net.cast.organisations), done, threads, labels, numbers)
            self._yearbook.add(done, labels, np.isin(self._times.state[:, done.offset], (ON_TIME, LATE)))
            yield filer.month(done, rows)

    def closing_tables(self) -> dict[str, pd.DataFrame]:
        """All tables but filings and lines; right only after the months have been read."""
        capacity = with_capacity(
            self._known.organisations, self._yearbook.largest_year(), Chance(self._seed, 11)
        )
        return {
            "organisations": capacity,
            "products": self._known.products,
            "counterparties": self._known.counterparties,
            "licences": self._office.licences(),
            "licence_lines": self._office.lines(),
            "declarations": self._office.declarations(),
            "extensions": self._extensions(),
            "lots": self._yearbook.lots(),
            "quotas": self._yearbook.quotas(),
            "reference_prices": reference_prices(self._first, self._months),
        }

    def truth_tables(self) -> dict[str, pd.DataFrame]:
        """What really happened: planted cases (none in an honest nation) and who was late or silent."""
        return {"truth": planted_cases(), "lateness": lateness(self._known.uscc, self._times, self._first)}

    def _extensions(self) -> pd.DataFrame:
        rows = [
            (
                str(self._known.uscc[e.organisation]) if e.organisation >= 0 else "",
                str(e.period),
                e.day,
                e.reason,
            )
            for e in self._times.extensions
        ]
        return pd.DataFrame(rows, columns=list(_EXTENSION_COLUMNS), dtype=object)


def simulate(
    seed: int, enterprises: int, start: Month | str, months: int, open_last: bool = False
) -> dict[str, pd.DataFrame]:
    """All tables of a nation in memory, truth tables included; every cell is text. ValueError as for `Nation`."""
    nation = Nation(seed, enterprises, start, months, open_last)
    filed = list(nation.months())
    return {
        **nation.closing_tables(),
        "filings": pd.concat([month.filings for month in filed], ignore_index=True),
        "lines": pd.concat([month.lines for month in filed], ignore_index=True),
        **nation.truth_tables(),
    }


def write(tables: dict[str, pd.DataFrame], out: Path, truth: Path | None = None) -> None:
    """Write the tables as CSV files into a folder, the truth into another one (or nowhere)."""
    _write_tables({name: tables[name] for name in TABLES}, out)
    if truth is not None:
        _write_tables({name: tables[name] for name in TRUTH_TABLES}, truth)


def write_nation(nation: Nation, out: Path, truth: Path | None = None) -> int:
    """Write a nation month by month, the same bytes as `write`; the number of lines."""
    out.mkdir(parents=True, exist_ok=True)
    lines = 0
    with (out / "filings.csv").open("w", encoding="utf-8", newline="") as filings_file, (out / "lines.csv").open(
        "w", encoding="utf-8", newline=""
    ) as lines_file:  # fmt: skip
        filings, rows = (
            csv.writer(filings_file, lineterminator="\n"),
            csv.writer(lines_file, lineterminator="\n"),
        )
        filings.writerow(FILING_COLUMNS)
        rows.writerow(LINE_COLUMNS)
        for month in nation.months():
            filings.writerows(_cells(month.filings))
            rows.writerows(_cells(month.lines))
            lines += len(month.lines)
    _write_tables(nation.closing_tables(), out)
    if truth is not None:
        _write_tables(nation.truth_tables(), truth)
    return lines


def _cells(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    return zip(*(table[name].tolist() for name in table.columns), strict=True)


def _write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(_cells(table))
