"""Licences, their lines and customs records as tables of a load: their rows as fields, and what may not be overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from licensing.domain.ledger import ceiling_of
from licensing.models import Licence, LicenceLine
from licensing.states import LICENCE_MOVES
from portal.exchange.domain.faults import Unparsable
from portal.exchange.services.ledger import Keys

_COUNTRIES = re.compile(r"[A-Z]{2}(;[A-Z]{2})*")
Row = Mapping[str, Any]


def licence_fields(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``licences``. Unparsable for a key that nobody knows, and for days in no order."""
    owner = keys.organisations.get(cells["exporter"])
    if owner is None:
        raise Unparsable("unknown_key", column="exporter", typed=cells["exporter"])
    status = cells["status"] or "valid"
    fields = {
        "licence_no": cells["licence_no"],
        "exporter_id": owner,
        "kind": "individual" if cells["kind"] in {None, "single"} else cells["kind"],
        "issued_on": cells["issued_on"],
        "expires_on": cells["expires_on"],
        "status": status,
        "suspended_from": cells["suspended_from"],
        "suspended_until": cells["suspended_until"],
        "revoked_on": cells["revoked_on"],
        "max_uses": cells["max_uses"],
        "tolerance_pct": 0 if cells["tolerance_pct"] is None else round(cells["tolerance_pct"], 2),
    }
    names = ("consignee_name", "consignee_id", "end_user_name", "end_user_id", "destination")
    fields |= {name: _listed(cells[name]) for name in names}
    _require_order(fields)
    return fields


def _listed(text: str | None) -> str:
    return ";".join(part.strip() for part in (text or "").split(";") if part.strip())


def _require_order(fields: Row) -> None:
    """What the database would refuse is told at its cell."""
    if fields["expires_on"] < fields["issued_on"]:
        raise Unparsable("not_in_order", column="expires_on", first=str(fields["issued_on"]))
    first, last = fields["suspended_from"], fields["suspended_until"]
    if (last is not None or fields["status"] == "suspended") and first is None:
        raise Unparsable("value_missing", column="suspended_from")
    if fields["status"] == "revoked" and fields["revoked_on"] is None:
        raise Unparsable("value_missing", column="revoked_on")
    if fields["max_uses"] is not None and fields["max_uses"] < 0:
        raise Unparsable("below_zero", column="max_uses", typed=fields["max_uses"])
    if not 0 <= fields["tolerance_pct"] <= 100:
        raise Unparsable("not_a_share", column="tolerance_pct", typed=str(fields["tolerance_pct"]))
    if fields["destination"] and not _COUNTRIES.fullmatch(fields["destination"]):
        raise Unparsable("not_a_country", column="destination", typed=fields["destination"])


def line_fields(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``licence_lines``."""
    licence = keys.licences.get(cells["licence_no"])
    if licence is None:
        raise Unparsable("unknown_key", column="licence_no", typed=cells["licence_no"])
    quantity = cells["quantity_kg"]
    if quantity.units < 0:
        raise Unparsable("below_zero", column="quantity_kg", typed=str(quantity.units))
    if cells["line_no"] < 1:
        raise Unparsable("below_one", column="line_no", typed=cells["line_no"])
    return {
        "licence_id": licence,
        "line_no": cells["line_no"],
        "control_codes": _listed(cells["control_code"]),
        "hs_code": cells["hs_code"] or "",
        "description": cells["description"] or "",
        "authorised_g": quantity.units,
        "quantity_dp": quantity.decimals,
    }


def declaration_fields(cells: Row, keys: Keys) -> dict[str, Any]:
    """A row of ``declarations``."""
    owner = keys.organisations.get(cells["exporter"])
    if owner is None:
        raise Unparsable("unknown_key", column="exporter", typed=cells["exporter"])
    for name in ("item_no", "licence_line_no"):
        if cells[name] is not None and cells[name] < 1:
            raise Unparsable("below_one", column=name, typed=cells[name])
    quantity, value = cells["quantity_kg"], cells["value_cny"]
    return {
        "declaration_no": cells["declaration_no"],
        "item_no": cells["item_no"],
        "declared_on": cells["declared_on"],
        "exporter_id": owner,
        "licence_no": cells["licence_no"] or "",
        "licence_line_no": cells["licence_line_no"],
        "hs_code": cells["hs_code"] or "",
        "description": cells["description"] or "",
        "quantity_g": None if quantity is None else quantity.units,
        "quantity_dp": 0 if quantity is None else quantity.decimals,
        "value_fen": None if value is None else value.units,
        "value_dp": 0 if value is None else value.decimals,
        "destination": cells["destination"] or "",
        "consignee_name": cells["consignee_name"] or "",
    }


def judge_licences(rows: Sequence[Row]) -> list[Unparsable | None]:
    """For each row that says otherwise than the database, why it may not."""
    known = {
        one.licence_no: one
        for one in Licence.objects.filter(licence_no__in=[row["licence_no"] for row in rows])
    }
    return [_licence_fault(known[row["licence_no"]], row) for row in rows]


def _licence_fault(stored: Licence, row: Row) -> Unparsable | None:
    if stored.exporter_id != row["exporter_id"]:
        return Unparsable("other_content", column="exporter")
    moved = row["status"] != stored.status
    if moved and row["status"] not in LICENCE_MOVES[stored.status]:
        return Unparsable("other_licence_status", column="status", stored=stored.status, typed=row["status"])
    for line in stored.lines.all():
        if line.reserved_g + line.drawn_g + line.carried_g > ceiling_of(
            line.authorised_g, row["tolerance_pct"]
        ):
            return Unparsable("below_drawn", column="tolerance_pct", line=line.line_no)
    return None


def judge_lines(rows: Sequence[Row]) -> list[Unparsable | None]:
    """For each row that says otherwise than the database, why it may not."""
    stored = LicenceLine.objects.filter(licence_id__in={row["licence_id"] for row in rows}).select_related(
        "licence"
    )
    known = {(one.licence_id, one.line_no): one for one in stored}
    told: list[Unparsable | None] = []
    for row in rows:
        line = known[row["licence_id"], row["line_no"]]
        gone = line.reserved_g + line.drawn_g + line.carried_g
        below = gone > ceiling_of(row["authorised_g"], line.licence.tolerance_pct)
        told.append(Unparsable("below_drawn", column="quantity_kg", line=line.line_no) if below else None)
    return told


def judge_declarations(rows: Sequence[Row]) -> list[Unparsable | None]:
    """A customs record never changes by a load: customs corrects it."""
    return [Unparsable("other_record", column="declaration_no") for _row in rows]
