"""A made-up nation's filed lines, open to be changed so that every month still balances."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Ints, Texts
from portal.simulation.domain.exact_text import kilograms, yuan_texts

_TAX_PER_CENT: Final = 13
_BEYOND: Final = 10_000
"""Numbers of lines that were moved or added here: beyond those of any filing."""


class Books:
    """Lines by product and month. A change is made in every version of a filing alike, its papers follow.

    Rows added are in the tables that `close` gives; they are not looked up again.
    """

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.tables = dict(tables)
        lines = tables["lines"]
        self.cells: dict[str, Texts] = _columns(lines)
        self.invoices, self.declarations = _Papers(tables["invoices"]), _Papers(tables["declarations"])
        quantity = self.cells["quantity_kg"].tolist()
        self.decimals: Ints = np.array([len(text.partition(".")[2]) for text in quantity], dtype=np.int64)
        self.grams, self.fen = units(quantity, 3), units(self.cells["value_cny"].tolist(), 2)
        self.kind = self.cells["kind"]
        months = {text: Month.parse(text).index for text in lines["period"].unique()}
        self.period: Ints = np.array([months[text] for text in self.cells["period"].tolist()], dtype=np.int64)
        self.version = self.cells["version"].astype(int)
        self._number = self.cells["line_no"]
        self._added: list[dict[str, Any]] = []
        self._moved = 0
        self._places = self._index()
        self._months: dict[tuple[str, str], list[int]] = {}
        for owner, product, month in sorted(self._places):
            self._months.setdefault((owner, product), []).append(month)
        self._invoice = self.invoices.places("seller", "invoice_no")
        self._declaration = self.declarations.places("exporter", "declaration_no")
        filed = tables["filings"]
        self._versions: dict[tuple[str, str], list[str]] = {}
        for owner, period, version in zip(
            filed["organisation"], filed["period"], filed["version"], strict=True
        ):
            self._versions.setdefault((owner, period), []).append(version)

    def _index(self) -> dict[tuple[str, str, int], dict[str, list[int]]]:
        found: dict[tuple[str, str, int], dict[str, list[int]]] = {}
        names = (self.cells["organisation"], self.cells["product"], self.period, self.kind)
        for row, (owner, product, month, kind) in enumerate(
            zip(*(column.tolist() for column in names), strict=True)
        ):
            found.setdefault((owner, product, month), {}).setdefault(kind, []).append(row)
        return found

    def months(self, owner: str, product: str) -> list[int]:
        """The months in which the organisation filed the product."""
        return self._months[owner, product]

    def products(self) -> Iterable[tuple[str, str]]:
        """Every organisation's products that were filed, in order."""
        return self._months

    def row(self, owner: str, product: str, month: int, kind: str, party: str = "") -> int:
        """The largest line of the kind in the version filed last, of a party whose code begins so; -1 where none is."""
        rows = self.rows(owner, product, month, kind, party)
        return max(rows, key=lambda row: (int(self.grams[row]), -row)) if rows else -1

    def rows(self, owner: str, product: str, month: int, kind: str, party: str = "") -> list[int]:
        """All lines of the kind in the version filed last, of parties whose code begins so."""
        rows = self._places.get((owner, product, month), {}).get(kind, [])
        if party:
            names = self.cells["counterparty"]
            rows = [row for row in rows if names[row].startswith(party)]
        if len(rows) < 2:
            return rows
        last = max(self.version[row] for row in rows)
        return [row for row in rows if self.version[row] == last]

    def change(self, row: int, grams: int) -> None:
        """Add to a line's quantity in all versions; value and papers keep its price."""
        for one in self.twins(row):
            before = int(self.grams[one])
            self.grams[one] += grams
            if self.fen[one] >= 0 and before:
                self.fen[one] = int(self.fen[one]) * int(self.grams[one]) // before
        self._follow(row)

    def price(self, row: int, per_cent: int, papers: bool = False) -> None:
        """File a line at so many per cent of its value; the invoice and the declaration stay, or say the same."""
        for one in self.twins(row):
            self.fen[one] = int(self.fen[one]) * per_cent // 100
        if papers:
            self._follow(row)

    def twins(self, row: int) -> list[int]:
        """The line in all versions of its filing."""
        key = (self.cells["organisation"][row], self.cells["product"][row], int(self.period[row]))
        number = self._number[row]
        return [one for one in self._places[key][self.kind[row]] if self._number[one] == number]

    def _follow(self, row: int) -> None:
        if self.kind[row] not in {"exported", "sold"}:
            return
        abroad = self.kind[row] == "exported"
        papers, number = (self.declarations, "declaration_no") if abroad else (self.invoices, "invoice_no")
        known = self._declaration if abroad else self._invoice
        place = known.get((self.cells["organisation"][row], self.cells[number][row]))
        if place is None:
            return
        fen = int(self.fen[row])
        papers.cells["quantity_kg"][place] = kilograms(int(self.grams[row]), int(self.decimals[row]))
        papers.cells["value_cny"][place] = yuan(fen)
        if not abroad:
            papers.cells["tax_cny"][place] = yuan(tax(fen))

    def carry_over(self, row: int, like: int, day: str) -> None:
        """Move a line into the filing that holds the line `like`, as its last one, with another day."""
        owner, product = self.cells["organisation"][row], self.cells["product"][row]
        kind = self.kind[row]
        self._places[owner, product, int(self.period[row])][kind].remove(row)
        self._moved += 1
        for name in ("period", "version"):
            self.cells[name][row] = self.cells[name][like]
        self.cells["line_no"][row] = str(_BEYOND + self._moved)
        self.cells["date"][row] = day
        self.period[row], self.version[row] = self.period[like], self.version[like]
        self._places[owner, product, int(self.period[row])].setdefault(kind, []).append(row)

    def invoice_of(self, row: int) -> int | None:
        """The place of a sale's invoice among the papers."""
        return self._invoice.get((self.cells["organisation"][row], self.cells["invoice_no"][row]))

    def declaration_of(self, row: int) -> int | None:
        """The place of an export's declaration among the papers."""
        return self._declaration.get((self.cells["organisation"][row], self.cells["declaration_no"][row]))

    def void(self, row: int, day: str) -> None:
        """Void the invoice of a sale that stays filed."""
        place = self._invoice[self.cells["organisation"][row], self.cells["invoice_no"][row]]
        self.invoices.cells["status"][place] = "voided"
        self.invoices.cells["voided_on"][place] = day

    def partners(self, owner: str, product: str, kind: str, letter: str) -> dict[str, list[int]]:
        """The partners whose code begins so, each with the months in which it stands in a line of the kind."""
        names = self.cells["counterparty"]
        found: dict[str, set[int]] = {}
        for month in self.months(owner, product):
            for row in self._places[owner, product, month].get(kind, []):
                if names[row].startswith(letter):
                    found.setdefault(names[row], set()).add(month)
        return {name: sorted(months) for name, months in sorted(found.items())}

    def unit(self, row: int) -> int:
        """The last reported decimal of a line, in grams."""
        return int(10 ** (3 - self.decimals[row]))

    def filed(self, owner: str, month: int) -> bool:
        """Whether the organisation filed anything but nothing for the month."""
        return (owner, str(Month(month))) in self._versions

    def open(self, owner: str, period: str) -> None:
        """Let an organisation that was not there before have filed for the month."""
        self._versions[owner, period] = ["1"]

    def add(self, owner: str, month: int, **cells: str) -> None:
        """A further line at the end of the filing of the month, in each of its versions."""
        self._moved += 1
        period = str(Month(month))
        for version in self._versions[owner, period]:
            self._added.append({
                **dict.fromkeys(self.cells, ""), "organisation": owner, "period": period, "version": version,
                "line_no": str(_BEYOND + self._moved), **cells,
            })  # fmt: skip

    def close(self) -> dict[str, pd.DataFrame]:
        """The tables with every change, lines in the order of their filings."""
        quantity = [kilograms(g, d) for g, d in zip(self.grams.tolist(), self.decimals.tolist(), strict=True)]
        own = {
            **self.cells,
            "quantity_kg": np.array(quantity, dtype=object),
            "value_cny": yuan_texts(self.fen),
        }
        lines = pd.concat(
            [pd.DataFrame(own, dtype=object), pd.DataFrame(self._added, columns=list(own), dtype=object)],
            ignore_index=True,
        )
        order = np.lexsort((
            lines["line_no"].astype(int).to_numpy(), lines["version"].astype(int).to_numpy(),
            pd.factorize(lines["organisation"])[0], pd.factorize(lines["period"], sort=True)[0],
        ))  # fmt: skip
        return self.tables | {
            "lines": lines.iloc[order].reset_index(drop=True), "invoices": self.invoices.table(),
            "declarations": self.declarations.table(),
        }  # fmt: skip


class _Papers:
    """Invoices or declarations by column, and those that are added."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.cells: dict[str, Texts] = _columns(table)
        self.added: list[dict[str, str]] = []

    def places(self, *names: str) -> dict[tuple[str, ...], int]:
        """Where each paper is, by the columns named."""
        keys = zip(*(self.cells[name].tolist() for name in names), strict=True)
        return {key: place for place, key in enumerate(keys)}

    def add(self, **cells: str) -> None:
        """One more."""
        self.added.append({**dict.fromkeys(self.cells, ""), **cells})

    def table(self) -> pd.DataFrame:
        """All of them."""
        own = pd.DataFrame(self.cells, dtype=object)
        if not self.added:
            return own
        return pd.concat([own, pd.DataFrame(self.added, columns=list(own), dtype=object)], ignore_index=True)


def _columns(table: pd.DataFrame) -> dict[str, Texts]:
    return {str(name): table[name].to_numpy(dtype=object).copy() for name in table}


def yuan(fen: int) -> str:
    """Fen as a text in CNY."""
    return str(yuan_texts(np.array([fen]))[0])


def tax(fen: int) -> int:
    """The value added tax of a price in fen."""
    return (fen * _TAX_PER_CENT + 50) // 100


def units(texts: Iterable[str], places: int) -> Ints:
    """Decimal texts as whole units; -1 where empty."""
    made = [text.partition(".") for text in texts]
    return np.array(
        [int(whole + part.ljust(places, "0")) if whole else -1 for whole, _dot, part in made], dtype=np.int64
    )
