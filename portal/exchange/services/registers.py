"""The registers of a load: organisations, products, counterparties, lots, calendar, extensions, licences, customs records.

A row whose key is known and whose content is the same changes nothing; another content overwrites it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from licensing.models import Declaration, Licence, LicenceLine
from licensing.services import bulk
from portal.accounts.models import Organisation
from portal.core import clock
from portal.exchange.domain.columns import values
from portal.exchange.domain.dictionary import TABLES
from portal.exchange.domain.faults import LoadFault, Unparsable
from portal.exchange.domain.files import blocks
from portal.exchange.services import licence_tables
from portal.exchange.services.ledger import Keys, TableReport, owner_of
from portal.exchange.services.references import invoice, quota, reference_price
from portal.registry.models import ELEMENT_SYMBOLS, CalendarDay, Counterparty, Lot, Product, WatchEntry
from reporting.models import Extension, ExtensionState, Invoice, Quota, ReferencePrice

AT_ONCE: Final = 2_000
_LONGEST_EXTENSION: Final = timedelta(
    days=36_525
)  # a century: a slip of the pen, and the end of time is not far
Row = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """How a table's rows become rows of a model. ``fields`` raises Unparsable for a key that nobody knows.

    Where rows may not simply be overwritten, ``judge`` says so of each that differs from what is stored, and ``add`` and
    ``change`` write them.
    """

    model: Any  # a model class
    unique: tuple[str, ...]  # the model's fields of the key, as columns of the database
    fields: Callable[[Row, Keys], dict[str, Any]]
    judge: Callable[[Sequence[Row]], Sequence[Unparsable | None]] | None = None
    add: Callable[[Sequence[Row]], None] | None = None
    change: Callable[[Sequence[Row]], None] | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    row: int
    fields: dict[str, Any]


def load_register(name: str, path: Path, keys: Keys, faults: list[LoadFault]) -> TableReport:
    """Read one register's file and, where the load has no fault so far, bring the database in step."""
    register = REGISTERS[name]
    rows = _read(name, path, keys, faults)
    known = _known(register, rows)
    fresh = [item for key, item in rows.items() if key not in known]
    other = [item for key, item in rows.items() if key in known and known[key] != tuple(item.fields.values())]
    if register.judge is not None and other:
        told = register.judge([item.fields for item in other])
        pairs = zip(other, told, strict=True)
        faults += [_told(path.name, item.row, fault) for item, fault in pairs if fault is not None]
    if not faults:
        _write(register, [item.fields for item in fresh], [item.fields for item in other])
    keys.read()
    for item in rows.values() if faults else ():
        _name(name, item.fields, keys)
    return TableReport(
        name, path.name, len(rows), len(fresh), len(other), len(rows) - len(fresh) - len(other)
    )


def _read(name: str, path: Path, keys: Keys, faults: list[LoadFault]) -> dict[Key, _Read]:
    """The sound rows of a file by key; the keys of the others are remembered, so that each fault is told once."""
    table, register = TABLES[name], REGISTERS[name]
    found: dict[Key, _Read] = {}
    for block in blocks(path, table, faults):
        before = len(faults)
        columns = values(path.name, table, block, faults)
        faulty = {fault.row for fault in faults[before:]}
        for place, row in enumerate(block.rows):
            cells = {column: cell[place] for column, cell in columns.items()}
            if row in faulty:
                _remember(name, cells, keys)
                continue
            try:
                _add(found, register, table.key[-1], _Read(row, register.fields(cells, keys)))
            except Unparsable as fault:
                faults.append(_told(path.name, row, fault))
                _remember(name, cells, keys)
    return found


def _told(file: str, row: int, fault: Unparsable) -> LoadFault:
    values = dict(fault.values)
    return LoadFault(file, row, values.pop("column"), fault.code, values)


def _add(found: dict[Key, _Read], register: Register, column: str, item: _Read) -> None:
    key = tuple(item.fields[field] for field in register.unique)
    if key in found:
        raise Unparsable("duplicate_key", column=column, first=found[key].row)
    found[key] = item


def _remember(name: str, cells: Row, keys: Keys) -> None:
    """Let other tables name a row that had a fault of its own."""
    owner = keys.organisations.get(cells.get("organisation") or "")
    _name(name, {**cells, "organisation_id": owner}, keys)


def _name(name: str, row: Row, keys: Keys) -> None:
    """Make a key known that will not be written."""
    if name == "organisations" and row["uscc"]:
        keys.organisations.setdefault(row["uscc"], keys.unwritten())
    if name == "licences" and row["licence_no"]:
        keys.licences.setdefault(row["licence_no"], keys.unwritten())
    known = {"products": keys.products, "counterparties": keys.counterparties}.get(name)
    if known is not None and row["organisation_id"] is not None and row["code"]:
        known.setdefault((row["organisation_id"], row["code"]), keys.unwritten())


def _known(register: Register, rows: Mapping[Key, _Read]) -> dict[Key, tuple[Any, ...]]:
    """What the database holds, by key, in the order of the fields read."""
    if not rows:
        return {}
    names = list(next(iter(rows.values())).fields)
    places = [names.index(field) for field in register.unique]
    manager = register.model.objects
    stored = manager.filter(state=ExtensionState.GRANTED) if register.model is Extension else manager.all()
    return {tuple(row[place] for place in places): row for row in stored.values_list(*names)}


def _write(register: Register, fresh: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> None:
    rows = [*fresh, *other]
    if not rows:
        return
    if register.add is not None:
        register.add(fresh)
        if register.change is not None:
            register.change(other)
        return
    if register.model is Extension:
        _grant(rows)
        return
    register.model.objects.bulk_create(
        [register.model(**row) for row in rows],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=[field.removesuffix("_id") for field in register.unique],
        update_fields=[name for name in rows[0] if name not in register.unique],
    )


def _grant(rows: Sequence[dict[str, Any]]) -> None:
    """Extensions have no key in the database: what is granted already is given its new reason."""
    moment = clock.now()
    granted = {
        (row.organisation_id, row.period, row.until): row
        for row in Extension.objects.filter(state=ExtensionState.GRANTED)
    }
    fresh: list[Extension] = []
    for row in rows:
        known = granted.get((row["organisation_id"], row["period"], row["until"]))
        if known is None:
            fresh.append(Extension(state=ExtensionState.GRANTED, asked_at=moment, decided_at=moment, **row))
            continue
        known.reason = row["reason"]
        known.save(update_fields=["reason"])
    Extension.objects.bulk_create(fresh, batch_size=AT_ONCE)


def _organisation(cells: Row, keys: Keys) -> dict[str, Any]:
    capacity, first, last = cells["capacity_kg_year"], cells["reports_from"], cells["reports_until"]
    if not (cells["name_zh"] or cells["name_en"]):
        raise Unparsable("value_missing", column="name_zh")
    if first is not None and last is not None and last < first:
        raise Unparsable("not_in_order", column="reports_until", first=str(first))
    return {
        "uscc": cells["uscc"],
        **_texts(cells, "name_zh", "name_en", "activities", "province"),
        "reports_from": first,
        "reports_until": last,
        "capacity_g_year": None if capacity is None else capacity.units,
        "capacity_decimals": 0 if capacity is None else capacity.decimals,
    }


def _texts(cells: Row, *names: str) -> dict[str, Any]:
    return {name: cells[name] or "" for name in names}


def _contents(cells: Row) -> dict[str, Any]:
    share = cells["assay_rel_uncertainty_pct"]
    contents = {f"{symbol}_pct": cells[f"{symbol}_pct"] for symbol in ELEMENT_SYMBOLS}
    return contents | {"assay_rel_uncertainty_pct": 1 if share is None else round(share, 4)}


def _product(cells: Row, keys: Keys) -> dict[str, Any]:
    texts = _texts(cells, "name", "stage", "family", "hs_code", "grade", "processing_level", "partners")
    return {"organisation_id": owner_of(cells, keys), "code": cells["code"], **texts, **_contents(cells)}


def _counterparty(cells: Row, keys: Keys) -> dict[str, Any]:
    names = [name for name in TABLES["counterparties"].names if name not in {"organisation", "code"}]
    return {"organisation_id": owner_of(cells, keys), "code": cells["code"], **_texts(cells, *names)}


def _lot(cells: Row, keys: Keys) -> dict[str, Any]:
    owner = owner_of(cells, keys)
    product = keys.products.get((owner, cells["product"]))
    if product is None:
        raise Unparsable("unknown_key", column="product", typed=cells["product"])
    return {
        "organisation_id": owner,
        "batch": cells["batch"],
        "product_id": product,
        **_texts(cells, "assay_no", "laboratory"),
        "assayed_on": cells["assayed_on"],
        **_contents(cells),
    }


def _extension(cells: Row, keys: Keys) -> dict[str, Any]:
    if cells["until"] - cells["period"].last > _LONGEST_EXTENSION:
        raise Unparsable("too_late", column="until", period=str(cells["period"]))
    return {
        "organisation_id": owner_of(cells, keys) if cells["organisation"] else None,
        "period": cells["period"],
        "until": cells["until"],
        "reason": cells["reason"] or "",
    }


def _calendar_day(cells: Row, keys: Keys) -> dict[str, Any]:
    return {"date": cells["date"], "working": cells["working"]}


def _watch_entry(cells: Row, keys: Keys) -> dict[str, Any]:
    return {
        "list_name": cells["list"],
        "entry": cells["entry"],
        **_texts(cells, "name", "aliases", "country", "id_number", "reason"),
        "effect": cells["effect"] or "review",
        "valid_from": cells["valid_from"],
        "valid_until": cells["valid_until"],
    }


REGISTERS: Final[Mapping[str, Register]] = {
    "calendar_days": Register(CalendarDay, ("date",), _calendar_day),
    "organisations": Register(Organisation, ("uscc",), _organisation),
    "products": Register(Product, ("organisation_id", "code"), _product),
    "counterparties": Register(Counterparty, ("organisation_id", "code"), _counterparty),
    "lots": Register(Lot, ("organisation_id", "batch", "product_id"), _lot),
    "extensions": Register(Extension, ("organisation_id", "period", "until"), _extension),
    "licences": Register(
        Licence,
        ("licence_no",),
        licence_tables.licence_fields,
        licence_tables.judge_licences,
        bulk.add_licences,
        bulk.change_licences,
    ),
    "licence_lines": Register(
        LicenceLine,
        ("licence_id", "line_no"),
        licence_tables.line_fields,
        licence_tables.judge_lines,
        bulk.add_lines,
        bulk.change_lines,
    ),
    "declarations": Register(
        Declaration,
        ("declaration_no", "item_no"),
        licence_tables.declaration_fields,
        licence_tables.judge_declarations,
        bulk.add_declarations,
    ),
    "watchlist": Register(WatchEntry, ("list_name", "entry"), _watch_entry),
    "quotas": Register(Quota, ("organisation_id", "year", "stage"), quota),
    "reference_prices": Register(
        ReferencePrice, ("period", "stage", "family", "main_element", "market"), reference_price
    ),
    "invoices": Register(Invoice, ("seller", "invoice_no"), invoice),
}
