"""Examples of national checks: a few enterprises' months as one would say them.

    nation("A 1-24 consumed L 1000", "A 1-24 produced M 980", products=("L stage=metal nd_pct=75", ...))

A row is `enterprise months kind product quantity key=value ...`; months are counted from January 2025. Enterprises are
single letters, known to one another by their letter; products are everybody's, and so are clients that file nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from reporting.checks import columns
from reporting.checks.columns import CONTENT_COLUMNS, KIND_CODES, STAGE_CODES, Tables
from reporting.checks.examples import ExampleTable
from reporting.checks.nation.columns import Part, References, table

__all__ = ["NationExample", "nation"]

FIRST: Final = 2025 * 12
ENTERPRISES: Final = {
    "A": "91330201MADFQE5E01", "B": "911500001141243517", "C": "91110108MA01TWIN0A", "D": "91110108MA01TWIN0B",
    "E": "91110108MA01TWIN0C", "F": "91110108MA01TWIN0D", "G": "91110108MA01TWIN0E",
}  # fmt: skip
PRODUCTS: Final = ("L stage=metal nd_pct=75", "M stage=alloy nd_pct=30")
_LATE: Final = 10 * 86_400
_LEADING: Final = {
    "lines": ("enterprise", "months", "kind", "product", "quantity_kg"),
    "invoices": ("invoice_no", "month", "seller", "buyer", "quantity_kg", "value_cny"),
    "declarations": ("declaration_no", "month", "exporter", "quantity_kg", "value_cny", "destination"),
    "quotas": ("enterprise", "year", "stage", "quantity_kg"),
    "duties": ("enterprise", "months", "state"),
    "clients": ("code",),
    "likenesses": ("enterprise", "party", "entry", "likeness"),
    "identities": ("enterprise", "party", "fault", "organisations"),
    "prices": ("months", "stage", "main_element", "low_cny_kg", "high_cny_kg"),
}


@dataclass(frozen=True, slots=True)
class NationExample:
    """Filings of some enterprises, and what they are held against."""

    rows: tuple[str, ...]
    products: tuple[str, ...]
    invoices: tuple[str, ...]
    declarations: tuple[str, ...]
    quotas: tuple[str, ...]
    capacities: Mapping[str, int]
    duties: tuple[str, ...]
    clients: tuple[str, ...]
    prices: tuple[str, ...]
    likenesses: tuple[str, ...]
    identities: tuple[str, ...]

    def part(self) -> Part:
        """Return the example as one part of a nation."""
        return _part(self)

    def references(self) -> References:
        """Return its registers and references."""
        return _references(self)

    def drawn(self) -> tuple[ExampleTable, ...]:
        """Return what the example says, and only that, as small tables of texts."""
        said = {
            "lines": self.rows, "invoices": self.invoices, "declarations": self.declarations, "quotas": self.quotas,
            "duties": self.duties, "clients": self.clients, "prices": self.prices,
            "likenesses": self.likenesses, "identities": self.identities,
        }  # fmt: skip
        parts = [_drawn(name, rows, _LEADING[name]) for name, rows in said.items() if rows]
        if self.products != PRODUCTS:
            parts.insert(0, _drawn("products", self.products, ("code",)))
        capacities = [f"{owner} {kg}" for owner, kg in self.capacities.items()]
        if capacities:
            parts.append(_drawn("organisations", capacities, ("enterprise", "capacity_kg_year")))
        return tuple(parts)


def nation(
    *rows: str,
    products: Sequence[str] = PRODUCTS,
    invoices: Sequence[str] = (),
    declarations: Sequence[str] = (),
    quotas: Sequence[str] = (),
    capacities: Mapping[str, int] | None = None,
    duties: Sequence[str] = (),
    clients: Sequence[str] = (),
    prices: Sequence[str] = (),
    likenesses: Sequence[str] = (),
    identities: Sequence[str] = (),
) -> NationExample:
    """Return an example. An invoice is `number month seller buyer kg cny`, a declaration `number month exporter kg cny
    destination`, a quota `enterprise year stage kg`, a duty `enterprise months late|missing|on_time`, a client `code key=value`,
    a price `months stage element low high`, a likeness `enterprise party entry score`, an identity `enterprise party fault
    organisations`; capacities are kg a year by enterprise."""
    return NationExample(
        tuple(rows), tuple(products), tuple(invoices), tuple(declarations), tuple(quotas), dict(capacities or {}),
        tuple(duties), tuple(clients), tuple(prices), tuple(likenesses), tuple(identities),
    )  # fmt: skip


def _parse(row: str, leading: Sequence[str]) -> dict[str, str]:
    words = shlex.split(row)
    named = dict(zip(leading, (word for word in words if "=" not in word), strict=False))
    return named | dict(word.split("=", 1) for word in words if "=" in word)


def _drawn(name: str, rows: Sequence[str], leading: Sequence[str]) -> ExampleTable:
    parsed = [_parse(row, leading) for row in rows]
    shown = tuple(dict.fromkeys(key for row in parsed for key in row))
    return ExampleTable(name, shown, tuple(tuple(row.get(key, "") for key in shown) for row in parsed))


def _months(text: str) -> list[int]:
    first, _dash, last = text.partition("-")
    return [FIRST + month - 1 for month in range(int(first), int(last or first) + 1)]


def _owner(letter: str) -> int:
    return list(ENTERPRISES).index(letter) + 1


def _party(example: NationExample, owner: int, code: str) -> int:
    """The number of a counterparty in the books of an enterprise."""
    codes = [*ENTERPRISES, *(_parse(row, ("code",))["code"] for row in example.clients)]
    return owner * 100 + codes.index(code) + 1


def _lines(example: NationExample) -> list[dict[str, Any]]:
    codes = [_parse(row, ("code",))["code"] for row in example.products]
    made: list[dict[str, Any]] = []
    for row in example.rows:
        said = _parse(row, _LEADING["lines"])
        owner = _owner(said.pop("enterprise"))
        kind, product = said.pop("kind"), said.pop("product")
        party = said.pop("party", "")
        grams = round(float(said.pop("quantity_kg")) * 1000)
        value = said.pop("value", "")
        day = int(said.pop("day", "10"))
        shared = {
            "organisation_id": owner, "kind": KIND_CODES[kind], "product_id": owner * 100 + codes.index(product),
            "quantity_g": grams, "quantity_dp": 0, "counterparty_id": _party(example, owner, party) if party else None,
            "value_fen": int(value) * 100 if value else None, "invoice_no": said.get("invoice_no"),
            "declaration_no": said.get("declaration_no"), "destination": said.get("destination"),
        }  # fmt: skip
        months = _months(said.pop("months"))
        made += [shared | {"period": period, **_dated(owner, period, day)} for period in months]
    for number, line in enumerate(made, 1):
        line["line_no"] = number
    return made


def _dated(owner: int, period: int, day: int) -> dict[str, int]:
    return {"filing_id": owner * 10_000 + period - FIRST, "date": _day(period, day)}


def _day(period: int, day: int) -> int:
    return (date(period // 12, period % 12 + 1, day) - date(1970, 1, 1)).days


def _part(example: NationExample) -> Part:
    lines = _lines(example)
    filed = sorted({(line["filing_id"], line["organisation_id"], line["period"]) for line in lines})
    owners = sorted({owner for _filing, owner, _period in filed})
    filings = {
        "filing_id": [row[0] for row in filed], "organisation_id": [row[1] for row in filed],
        "period": [row[2] for row in filed], "judged": [True] * len(filed),
    }  # fmt: skip
    names = [name for name in (lines[0] if lines else {}) if name not in {"organisation_id", "period"}]
    tables = Tables(
        filings=columns.table("filings", filings),
        lines=columns.table("lines", {name: [line[name] for line in lines] for name in names}),
        products=columns.table("products", _products(example, owners)),
        counterparties=columns.table("counterparties", _parties(example, owners)),
        obligations=columns.table("obligations", _duties(example)),
    )
    return Part(tables, table("invoices", _invoices(example)), table("declarations", _declarations(example)))


def _products(example: NationExample, owners: Sequence[int]) -> dict[str, list[Any]]:
    parsed = list(enumerate(_parse(row, ("code",)) for row in example.products))
    rows = [(owner, place, said) for owner in owners for place, said in parsed]
    return {
        "product_id": [owner * 100 + place for owner, place, _said in rows],
        "organisation_id": [owner for owner, _place, _said in rows],
        "stage": [STAGE_CODES[said["stage"]] for _owner, _place, said in rows],
        **{name: [said.get(name, "") for *_ids, said in rows] for name in ("code", "family", "grade")},
        **{name: [float(said[name]) if said.get(name) else None for *_ids, said in rows] for name in CONTENT_COLUMNS},
    }  # fmt: skip


def _parties(example: NationExample, owners: Sequence[int]) -> dict[str, list[Any]]:
    told = {"country": "CN", "id_type": "USCC"}
    known = [told | {"code": one, "name": f"{one} Magnets", "id_number": uscc, "address": f"{one} Road 1"} for one, uscc in ENTERPRISES.items()]  # fmt: skip
    known += [_parse(row, ("code",)) for row in example.clients]
    names = ("code", "name", "country", "id_type", "id_number", "address")
    made: dict[str, list[Any]] = {
        name: [said.get(name, "") for _one in owners for said in known] for name in names
    }
    ids = [_party(example, owner, said["code"]) for owner in owners for said in known]
    return made | {"counterparty_id": ids, "organisation_id": [owner for owner in owners for _said in known]}


def _duties(example: NationExample) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {
        name: [] for name in ("organisation_id", "period", "due", "submitted", "as_of")
    }
    for row in example.duties:
        said = _parse(row, _LEADING["duties"])
        for period in _months(said["months"]):
            due = (period - FIRST + 2) * 30 * 86_400
            submitted = {"on_time": due, "late": due + _LATE}.get(said["state"])
            values = (_owner(said["enterprise"]), period, due, submitted, 40 * 30 * 86_400)
            for name, value in zip(made, values, strict=True):
                made[name].append(value)
    return made


def _invoices(example: NationExample) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {
        name: [] for name in ("invoice_no", "seller", "buyer", "period", "quantity_g", "value_fen", "status")
    }
    for row in example.invoices:
        said = _parse(row, _LEADING["invoices"])
        values = (
            said["invoice_no"], ENTERPRISES[said["seller"]], ENTERPRISES[said["buyer"]], FIRST + int(said["month"]) - 1,
            int(said["quantity_kg"]) * 1000, int(said["value_cny"]) * 100, said.get("status", "issued"),
        )  # fmt: skip
        for name, value in zip(made, values, strict=True):
            made[name].append(value)
    return made


def _declarations(example: NationExample) -> dict[str, list[Any]]:
    said = [_parse(row, _LEADING["declarations"]) for row in example.declarations]
    return {
        "declaration_no": [row["declaration_no"] for row in said], "destination": [row["destination"] for row in said],
        "item_no": [int(row.get("item_no", "1")) for row in said],
        "organisation_id": [_owner(row["exporter"]) for row in said],
        "period": [FIRST + int(row["month"]) - 1 for row in said],
        "declared": [_day(FIRST + int(row["month"]) - 1, int(row.get("day", "10"))) for row in said],
        "quantity_g": [int(row["quantity_kg"]) * 1000 for row in said],
        "value_fen": [int(row["value_cny"]) * 100 for row in said],
        "stands": [row.get("status") != "reversed" for row in said],
    }  # fmt: skip


def _references(example: NationExample) -> References:
    owners = {
        "organisation_id": [_owner(letter) for letter in ENTERPRISES], "uscc": list(ENTERPRISES.values()),
        "reports": [True] * len(ENTERPRISES),
        "capacity_g": [example.capacities[letter] * 1000 if letter in example.capacities else None for letter in ENTERPRISES],
    }  # fmt: skip
    quotas = [_parse(row, _LEADING["quotas"]) for row in example.quotas]
    granted = {
        "organisation_id": [_owner(row["enterprise"]) for row in quotas], "year": [int(row["year"]) for row in quotas],
        "stage": [STAGE_CODES[row["stage"]] for row in quotas],
        "quantity_g": [int(row["quantity_kg"]) * 1000 for row in quotas],
    }  # fmt: skip
    bands = [
        (month, _parse(row, _LEADING["prices"]))
        for row in example.prices
        for month in _months(row.split()[0])
    ]
    seen = {
        "period": [month for month, _row in bands], "stage": [STAGE_CODES[row["stage"]] for _month, row in bands],
        **{name: [row.get(name, "") for _month, row in bands] for name in ("main_element", "family")},
        "market": [row.get("market", "home") for _month, row in bands],
        "low_fen": [int(row["low_cny_kg"]) * 100 for _month, row in bands],
        "high_fen": [int(row["high_cny_kg"]) * 100 for _month, row in bands],
    }  # fmt: skip
    return References(
        table("organisations", owners), table("quotas", granted), table("prices", seen), *_names(example)
    )


def _names(example: NationExample) -> tuple[Any, Any]:
    """Who looks like whom."""
    listed = [_parse(row, _LEADING["likenesses"]) for row in example.likenesses]
    alike = {
        "counterparty_id": [_party(example, _owner(row["enterprise"]), row["party"]) for row in listed],
        "likeness": [int(row["likeness"]) for row in listed],
        "same_number": [row.get("same_number") == "yes" for row in listed],
        "role": [row.get("role", "client") for row in listed],
        **{
            name: [row.get(name, "") for row in listed]
            for name in ("named", "entry", "listed_name", "effect")
        },
    }
    named = [_parse(row, _LEADING["identities"]) for row in example.identities]
    otherwise = {
        "code": [row["party"] for row in named],
        "counterparty_id": [_party(example, _owner(row["enterprise"]), row["party"]) for row in named],
        **{
            name: [int(row.get(name, "1")) for row in named] for name in ("fault", "organisations", "records")
        },
        **{name: [row.get(name, "") for row in named] for name in ("named", "elsewhere")},
    }
    return table("likenesses", alike), table("identities", otherwise)
