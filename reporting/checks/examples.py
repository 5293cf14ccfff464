"""Examples of checks: a few lines as one would say them. They are the tests, and tables on the help page.

    filing("opening A 10", "sold A 4", "closing A 6", before=("closing A 10",))

A line is `kind product quantity key=value ...`: what is not said takes a value that no completeness check minds;
`key=` leaves a cell empty; `unread.quantity_kg=1,5x` is a cell that could not be read; `licence.fault=expired` is what
the licence, the ledger and customs say of an export (the columns of the table `exports`). Products and counterparties
are `code key=value ...`; without any said, product `A` is a magnet and counterparty `C1` a client with an identity.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from reporting.checks import columns
from reporting.checks.columns import KIND_CODES, PARTY_KINDS, PRICED_KINDS, STAGE_CODES, Tables

__all__ = ["Example", "ExampleTable", "filing", "obligation"]

PERIOD: Final = 2026 * 12 + 4  # May 2026
ORGANISATION: Final = 1
OWN_USCC: Final = "91330201MADFQE5E01"
PRODUCT: Final = {"stage": "magnet", "family": "ndfeb", "nd_pct": "24", "pr_pct": "6"}
PARTY: Final = {
    "name": "Example Motors GmbH", "country": "DE", "id_type": "VAT", "id_number": "DE136695976", "end_use": "motors",
}  # fmt: skip
_NO_FLAGS: Final = dict.fromkeys(
    ("controlled", "destination_other", "party_other", "entry_other", "uses_over"), False
)
UNITS: Final = {"quantity": ("quantity_g", "quantity_dp", 3), "value": ("value_fen", "value_dp", 2)}


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """One small table of an example, to be drawn: `name` is a table's name or a period, cells are texts."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A month as filed, its past, and the products and counterparties that it names."""

    lines: tuple[str, ...] = ()
    past: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    products: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    nil: bool = False
    due: str = ""
    submitted: str = ""
    as_of: str = ""

    def tables(self) -> Tables:
        """Return the example as the tables that a run reads."""
        return _tables(self)

    def drawn(self) -> tuple[ExampleTable, ...]:
        """Return what the example says, and only that, as small tables of texts for the help page."""
        if self.due:
            said = (self.due, self.submitted, self.as_of)
            return (ExampleTable("obligations", ("due", "submitted", "as_of"), (said,)),)
        parts = [
            _drawn(name, rows, ())
            for name, rows in (("products", self.products), ("counterparties", self.parties))
        ]
        for ago, rows in sorted(self.past.items(), reverse=True):
            label = _period(PERIOD - ago) if rows else f"{_period(PERIOD - ago)} (nil)"
            parts.append(_drawn(label, rows, ("kind", "product", "quantity_kg")))
        label = f"{_period(PERIOD)} (nil)" if self.nil else _period(PERIOD)
        parts.append(_drawn(label, self.lines, ("kind", "product", "quantity_kg")))
        return tuple(part for part in parts if part.rows or part.name not in ("products", "counterparties"))


def filing(
    *lines: str,
    before: Sequence[str] = (),
    history: Sequence[str] = (),
    past: Mapping[int, Sequence[str]] | None = None,
    products: Sequence[str] = (),
    parties: Sequence[str] = (),
    nil: bool = False,
) -> Example:
    """Return an example: the lines of May 2026, `before` those of April, `history` those of each of twelve months
    before, `past` those of the month so many months ago (an empty one is a nil return)."""
    months = {ago: tuple(history) for ago in range(1, 13)} if history else {}
    months |= {ago: tuple(rows) for ago, rows in (past or {}).items()}
    if before:
        months[1] = tuple(before)
    return Example(lines, months, tuple(products), tuple(parties), nil)


def obligation(*, due: str, as_of: str, submitted: str = "") -> Example:
    """Return an example of one obligation; instants in ISO 8601 with offset."""
    return Example(due=due, submitted=submitted, as_of=as_of)


def _period(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _parse(row: str, leading: Sequence[str]) -> dict[str, str]:
    """Return a row's words by name: the leading ones by their place, the rest as key=value."""
    words = shlex.split(row)
    named = dict(zip(leading, (word for word in words if "=" not in word), strict=False))
    return named | dict(word.split("=", 1) for word in words if "=" in word)


def _drawn(name: str, rows: Sequence[str], leading: tuple[str, ...]) -> ExampleTable:
    parsed = [_parse(row, leading or ("code",)) for row in rows]
    shown = tuple(dict.fromkeys(key for row in parsed for key in row))
    return ExampleTable(name, shown, tuple(tuple(row.get(key, "") for key in shown) for row in parsed))


def _tables(example: Example) -> Tables:
    if example.due:
        return _with_obligation(example)
    products = [PRODUCT | _parse(row, ("code",)) for row in example.products] or [PRODUCT | {"code": "A"}]
    parties = [_party(_parse(row, ("code",))) for row in example.parties] or [PARTY | {"code": "C1"}]
    periods = [*(PERIOD - ago for ago in sorted(example.past, reverse=True)), PERIOD]
    rows = [*(example.past[PERIOD - period] for period in periods[:-1]), example.lines]
    filings = {
        "filing_id": periods, "organisation_id": [ORGANISATION] * len(periods), "uscc": [OWN_USCC] * len(periods),
        "period": periods, "version": [1] * len(periods), "nil": [*(not lines for lines in rows[:-1]), example.nil],
        "judged": [period == PERIOD for period in periods], "first": [False] * len(periods),
    }  # fmt: skip
    codes = {"product": [row["code"] for row in products], "counterparty": [row["code"] for row in parties]}
    lines = [
        _line(row, period, number, codes)
        for period, month in zip(periods, rows, strict=True)
        for number, row in enumerate(month, 1)
    ]
    return Tables(
        filings=columns.table("filings", filings),
        lines=columns.table("lines", _columns(lines)),
        products=columns.table("products", _columns([_product(row, n) for n, row in enumerate(products, 1)])),
        counterparties=columns.table(
            "counterparties", _columns([_owned(row, n) for n, row in enumerate(parties, 1)])
        ),
        obligations=columns.table("obligations"),
        exports=columns.table("exports", _columns(_exports(example.lines))),
    )


def _exports(lines: Sequence[str]) -> list[dict[str, Any]]:
    """What is said of the exports of the month itself."""
    rows = []
    for number, row in enumerate(lines, 1):
        parsed = _parse(row, ("kind", "product", "quantity"))
        said = {
            key.removeprefix("licence."): value for key, value in parsed.items() if key.startswith("licence.")
        }
        made: dict[str, Any] = {
            name: value
            if name in {"fault", "control_code"}
            else int(value)
            if name == "over_g"
            else value == "yes"
            for name, value in said.items()
        }
        if made:
            rows.append(
                {"filing_id": PERIOD, "line_no": int(parsed.get("line_no", number)), **_NO_FLAGS, **made}
            )
    return rows


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _party(said: dict[str, str]) -> dict[str, str]:
    return PARTY | said


def _owned(row: Mapping[str, str], number: int) -> dict[str, Any]:
    return {"counterparty_id": number, "organisation_id": ORGANISATION, **row}


def _product(row: Mapping[str, str], number: int) -> dict[str, Any]:
    made: dict[str, Any] = {"product_id": number, "organisation_id": ORGANISATION}
    for key, value in row.items():
        made[key] = STAGE_CODES.get(value, 0) if key == "stage" else value
        if key.endswith("_pct"):
            made[key] = float(value) if value else None
    return made


def _line(row: str, period: int, number: int, codes: Mapping[str, list[str]]) -> dict[str, Any]:
    said = _parse(row, ("kind", "product", "quantity"))
    said = {key: value for key, value in said.items() if not key.startswith("licence.")}
    unread = {key.removeprefix("unread."): said.pop(key) for key in list(said) if key.startswith("unread.")}
    kind = KIND_CODES.get(said.get("kind", ""), 0)
    full = _defaults(kind, period, number) | said | {f"{key}": "" for key in map(_cell, unread)}
    made: dict[str, Any] = {"filing_id": period, "kind": KIND_CODES.get(full.get("kind", ""), 0)}
    for name, (units, decimals, places) in UNITS.items():
        made[units], made[decimals] = _exact(full.pop(name, ""), places)
    for name, known in codes.items():
        code = full.pop(name, "")
        made[f"{name}_id"] = known.index(code) + 1 if code else None
    made["date"] = _days(full.pop("date", ""))
    full.pop("kind", "")
    made |= {
        key: int(value) if key.endswith("line_no") and value else value or None for key, value in full.items()
    }
    made["unread"] = json.dumps(unread, sort_keys=True, ensure_ascii=False) if unread else None
    return made


def _cell(column: str) -> str:
    return {"quantity_kg": "quantity", "value_cny": "value"}.get(column, column)


def _defaults(kind: int, period: int, number: int) -> dict[str, str]:
    filled = {"line_no": str(number), "quantity": "100"}
    if kind in PARTY_KINDS:
        filled |= {"counterparty": "C1", "date": f"{_period(period)}-15"}
    if kind in PRICED_KINDS:
        filled |= {
            "value": "30000",
            "invoice_no": f"INV-{_period(period)}-{chr(64 + number)}{number * 37:03d}",
        }
    if kind in (KIND_CODES["imported"], KIND_CODES["exported"]):
        filled |= {"declaration_no": f"D{_period(period)}-{number * 37:03d}"}
    if kind == KIND_CODES["exported"]:
        filled |= {"destination": "DE"}
    return filled


def _exact(text: str, places: int) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    whole, _dot, decimals = text.partition(".")
    return int(whole + decimals.ljust(places, "0")), len(decimals)


def _days(text: str) -> int | None:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days if text else None


def _with_obligation(example: Example) -> Tables:
    instants = {
        name: [int(datetime.fromisoformat(text).timestamp()) if text else None]
        for name, text in (("due", example.due), ("submitted", example.submitted), ("as_of", example.as_of))
    }
    made = {"organisation_id": [ORGANISATION], "period": [PERIOD], **instants}
    empty = columns.empty_tables()
    return Tables(
        empty.filings, empty.lines, empty.products, empty.counterparties, columns.table("obligations", made)
    )
