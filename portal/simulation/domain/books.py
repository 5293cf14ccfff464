"""A made-up nation's filed lines, open to be changed so that every month still balances."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Ints
from portal.simulation.domain.exact_text import kilograms, yuan_texts

_TAX_PER_CENT: Final = 13
_BEYOND: Final = 10_000
"""Numbers of lines that were moved here: beyond those of any filing."""


class Books:
    """Lines by product and month. A change is made in every version of a filing alike, its papers follow."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.tables = dict(tables)
        self.lines = tables["lines"].reset_index(drop=True)
        self.invoices = tables["invoices"].reset_index(drop=True)
        self.declarations = tables["declarations"].reset_index(drop=True)
        quantity = self.lines["quantity_kg"]
        self.decimals: Ints = np.array([len(text.partition(".")[2]) for text in quantity], dtype=np.int64)
        self.grams = _units(quantity, 3)
        self.fen = _units(self.lines["value_cny"], 2)
        self.kind = self.lines["kind"].to_numpy(dtype=object)
        months = {text: Month.parse(text).index for text in self.lines["period"].unique()}
        self.period: Ints = self.lines["period"].map(months).to_numpy(dtype=np.int64).copy()
        self._places = self._index()
        self._moved = 0
        self._months: dict[tuple[str, str], list[int]] = {}
        for owner, product, month in sorted(self._places):
            self._months.setdefault((owner, product), []).append(month)
        numbers = self.invoices["seller"] + "\t" + self.invoices["invoice_no"]
        self._invoice = {key: place for place, key in enumerate(numbers)}
        numbers = self.declarations["exporter"] + "\t" + self.declarations["declaration_no"]
        self._declaration = {key: place for place, key in enumerate(numbers)}

    def _index(self) -> dict[tuple[str, str, int], Ints]:
        frame = pd.DataFrame({"o": self.lines["organisation"], "p": self.lines["product"], "m": self.period})
        found: dict[tuple[str, str, int], Ints] = dict(frame.groupby(["o", "p", "m"]).indices)  # type: ignore[arg-type]
        return found

    def months(self, owner: str, product: str) -> list[int]:
        """The months in which the organisation filed the product."""
        return self._months[owner, product]

    def products(self) -> Iterable[tuple[str, str]]:
        """Every organisation's products that were filed, in order."""
        return self._months

    def row(self, owner: str, product: str, month: int, kind: str, party: str = "") -> int:
        """The largest line of the kind in the version filed last, of a party whose code begins so; -1 where none is."""
        rows = self._places.get((owner, product, month))
        if rows is None:
            return -1
        rows = rows[self.kind[rows] == kind]
        if party:
            names = self.lines["counterparty"].to_numpy(dtype=object)
            rows = rows[[str(names[one]).startswith(party) for one in rows.tolist()]]
        if not len(rows):
            return -1
        version = self.lines["version"].to_numpy(dtype=object)[rows].astype(int)
        rows = rows[version == version.max()]
        return int(rows[np.argmax(self.grams[rows])])

    def change(self, row: int, grams: int) -> None:
        """Add to a line's quantity in all versions; value and papers keep its price."""
        for one in self.twins(row):
            before = int(self.grams[one])
            self.grams[one] += grams
            if self.fen[one] >= 0 and before:
                self.fen[one] = int(self.fen[one]) * int(self.grams[one]) // before
        self._follow(row)

    def price(self, row: int, per_cent: int) -> None:
        """File a line at so many per cent of its value; the invoice stays."""
        for one in self.twins(row):
            self.fen[one] = int(self.fen[one]) * per_cent // 100

    def twins(self, row: int) -> Ints:
        """The line in all versions of its filing."""
        key = (self.lines["organisation"][row], self.lines["product"][row], int(self.period[row]))
        rows = self._places[key]
        numbers = self.lines["line_no"].to_numpy(dtype=object)
        found: Ints = rows[numbers[rows] == numbers[row]]
        return found

    def _follow(self, row: int) -> None:
        if self.kind[row] == "exported":
            self._declare(row)
        if self.kind[row] != "sold":
            return
        place = self._invoice.get(f"{self.lines['organisation'][row]}\t{self.lines['invoice_no'][row]}")
        if place is None:
            return
        fen = int(self.fen[row])
        self.invoices.loc[place, "quantity_kg"] = kilograms(int(self.grams[row]), int(self.decimals[row]))
        self.invoices.loc[place, "value_cny"] = yuan_texts(np.array([fen]))[0]
        self.invoices.loc[place, "tax_cny"] = yuan_texts(np.array([(fen * _TAX_PER_CENT + 50) // 100]))[0]

    def _declare(self, row: int) -> None:
        place = self._declaration[f"{self.lines['organisation'][row]}\t{self.lines['declaration_no'][row]}"]
        self.declarations.loc[place, "quantity_kg"] = kilograms(int(self.grams[row]), int(self.decimals[row]))
        self.declarations.loc[place, "value_cny"] = yuan_texts(np.array([int(self.fen[row])]))[0]

    def carry_over(self, row: int, like: int, day: str) -> None:
        """Move a line into the filing that holds the line `like`, as its last one, with another day."""
        self._moved += 1
        for name in ("period", "version"):
            self.lines.loc[row, name] = self.lines[name][like]
        self.lines.loc[row, "line_no"] = str(_BEYOND + self._moved)
        self.lines.loc[row, "date"] = day
        self.period[row] = self.period[like]

    def void(self, row: int, day: str) -> None:
        """Void the invoice of a sale that stays filed."""
        place = self._invoice[f"{self.lines['organisation'][row]}\t{self.lines['invoice_no'][row]}"]
        self.invoices.loc[place, "status"] = "voided"
        self.invoices.loc[place, "voided_on"] = day

    def partners(self, owner: str, product: str, kind: str, letter: str) -> dict[str, list[int]]:
        """The partners whose code begins so, each with the months in which it stands in a line of the kind."""
        names = self.lines["counterparty"].to_numpy(dtype=object)
        found: dict[str, set[int]] = {}
        for month in self.months(owner, product):
            rows = self._places[owner, product, month]
            for row in rows[self.kind[rows] == kind].tolist():
                if str(names[row]).startswith(letter):
                    found.setdefault(str(names[row]), set()).add(month)
        return {name: sorted(months) for name, months in sorted(found.items())}

    def unit(self, row: int) -> int:
        """The last reported decimal of a line, in grams."""
        return int(10 ** (3 - self.decimals[row]))

    def add(self, like: int, **cells: str) -> None:
        """A further line at the end of the filing that holds the line `like`, in each of its versions."""
        for one in self.twins(like).tolist():
            self._add(one, cells)

    def _add(self, like: int, cells: dict[str, str]) -> None:
        same = (self.period == self.period[like]) & (
            self.lines["organisation"] == self.lines["organisation"][like]
        ).to_numpy()
        number = self.lines["line_no"][same].astype(int).max() + 1
        blank = dict.fromkeys(self.lines.columns, "")
        kept = {name: self.lines[name][like] for name in ("organisation", "period", "version", "product")}
        row = pd.DataFrame([{**blank, **kept, "line_no": str(number), **cells}], dtype=object)
        self.lines = pd.concat([self.lines, row], ignore_index=True)
        quantity = row["quantity_kg"]
        self.decimals = np.append(self.decimals, len(quantity[0].partition(".")[2]))
        self.grams = np.append(self.grams, _units(quantity, 3))
        self.fen = np.append(self.fen, _units(row["value_cny"], 2))
        self.kind = np.append(self.kind, row["kind"].to_numpy(dtype=object))
        self.period = np.append(self.period, self.period[like])

    def close(self) -> dict[str, pd.DataFrame]:
        """The tables with every change, lines in the order of their filings."""
        quantity = [kilograms(g, d) for g, d in zip(self.grams.tolist(), self.decimals.tolist(), strict=True)]
        lines = self.lines.assign(
            quantity_kg=np.array(quantity, dtype=object), value_cny=yuan_texts(self.fen)
        )
        order = np.lexsort((
            lines["line_no"].astype(int).to_numpy(), lines["version"].astype(int).to_numpy(),
            pd.factorize(lines["organisation"])[0], self.period,
        ))  # fmt: skip
        return self.tables | {
            "lines": lines.iloc[order].reset_index(drop=True), "invoices": self.invoices,
            "declarations": self.declarations,
        }  # fmt: skip


def _units(texts: "pd.Series[str]", places: int) -> Ints:
    """Decimal texts as whole units; -1 where empty."""
    found: Ints = np.full(len(texts), -1, dtype=np.int64)
    for place, text in enumerate(texts.tolist()):
        if text:
            whole, _, fraction = text.partition(".")
            found[place] = int(whole + fraction.ljust(places, "0"))
    return found
