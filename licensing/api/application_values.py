"""Applications between JSON and the models: judged by the same forms as the pages, each fault at its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from licensing.forms.applications import LineForm, PartyForm, UseForm
from licensing.models import Application, ApplicationPaper
from licensing.queries.clocks import clock_for
from licensing.queries.completeness import lacks_of, shown
from licensing.services.sending import Sent
from portal.core.actors import Actor
from portal.core.api.bodies import pointer
from portal.core.api.problems import Fault, invalid
from portal.core.clock import BEIJING
from portal.core.quantities import CNY_PLACES, plain
from portal.registry.queries.products import products_of

LINE = ("product", "quantity_kg", "value_cny", "note")
PARTY = ("role", "name", "name_local", "country", "id_type", "id_number", "address", "city")
USE = (
    "end_use", "destination", "contract_no", "contract_on", "months", "max_uses", "customs_office", "transport_mode", "no_split",
    "reason",
)  # fmt: skip
CONTENT = ("lines", "parties", *USE)


def sent_of(given: Mapping[str, Any], actor: Actor, draft: Application) -> Sent:
    """What was sent, ready for the service. Raises the problem 422 with every faulty place."""
    faults: list[Fault] = []
    lines = None if given.get("lines") is None else _lines(_rows(given, "lines", LINE, faults), actor, faults)
    parties = (
        None if given.get("parties") is None else _parties(_rows(given, "parties", PARTY, faults), faults)
    )
    use = _use(given, draft, faults)
    if faults:
        raise invalid(faults)
    return Sent(lines, parties, use)


def _rows(
    given: Mapping[str, Any], name: str, known: tuple[str, ...], faults: list[Fault]
) -> list[dict[str, Any]]:
    rows = given[name]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(Fault(pointer(name), "not_a_list", _("Send a list of objects.")))
        return []
    for place, row in enumerate(rows):
        for key in row:
            if key not in known:
                words = _("There is no “%(name)s” here.") % {"name": str(key)[:60]}
                faults.append(Fault(pointer(name, place, key), "unknown_member", words))
    return rows


def _lines(rows: list[dict[str, Any]], actor: Actor, faults: list[Fault]) -> list[tuple[int, dict[str, Any]]]:
    wanted = {str(row.get("product", "")) for row in rows}
    known = dict(products_of(actor).filter(code__in=wanted).values_list("code", "pk"))
    found = []
    for place, row in enumerate(rows):
        at = pointer("lines", place)
        product = known.get(str(row.get("product", "")))
        if product is None:
            words = _("Your catalogue has no product with this code.")
            faults.append(Fault(f"{at}/product", "unknown_product", words))
        texts = {"quantity": row.get("quantity_kg"), "value": row.get("value_cny"), "note": row.get("note")}
        form = LineForm(_texts(texts, {"quantity": "quantity_kg", "value": "value_cny"}, at, faults))
        names = {"quantity": "quantity_kg", "value": "value_cny"}
        if _judged(form, at, names, faults) and product is not None:
            found.append((product, form.values()))
    return found


def _parties(rows: list[dict[str, Any]], faults: list[Fault]) -> list[dict[str, Any]]:
    found = []
    for place, row in enumerate(rows):
        at = pointer("parties", place)
        form = PartyForm(_texts({name: row.get(name) for name in PARTY}, {}, at, faults))
        if _judged(form, at, {}, faults):
            found.append(form.values())
    return found


def _use(given: Mapping[str, Any], draft: Application, faults: list[Fault]) -> dict[str, Any]:
    named = [name for name in USE if name in given]
    stands = {name: getattr(draft, name) for name in USE}
    told = stands | {name: given[name] for name in named}
    numbers = {name: told[name] for name in ("months", "max_uses")}
    for name, value in numbers.items():
        if name in named and value is not None and type(value) is not int:
            faults.append(Fault(pointer(name), "not_a_whole_number", _("Write a whole number from 0 on.")))
    if not isinstance(told["no_split"], bool):
        faults.append(Fault("/no_split", "not_a_flag", _("Write true or false.")))
    plain_texts = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
        if name not in {"months", "max_uses", "no_split"}
    }
    data = _texts(plain_texts, {}, "", faults) | {name: str(value or "") for name, value in numbers.items()}
    data["no_split"] = "on" if told["no_split"] is True else ""
    form = UseForm(data, instance=Application(kind=draft.kind, purpose=draft.purpose))
    if not named or not _judged(form, "", {}, faults):
        return {}
    return {name: value for name, value in form.values().items() if name in named}


def _texts(
    values: Mapping[str, Any], names: Mapping[str, str], at: str, faults: list[Fault]
) -> dict[str, str]:
    found = {}
    for name, value in values.items():
        if value is not None and not isinstance(value, str):
            code = "decimal_not_text" if name in {"quantity", "value"} else "not_a_text"
            words = (
                _('Write decimals as JSON strings, for example "12.400".')
                if code == "decimal_not_text"
                else _("Write it as a JSON string.")
            )
            faults.append(Fault(f"{at}/{names.get(name, name)}", code, words))
        found[name] = value if isinstance(value, str) else ""
    return found


def _judged(form: forms.BaseForm, at: str, names: Mapping[str, str], faults: list[Fault]) -> bool:
    if form.is_valid():
        return True
    for name, errors in form.errors.as_data().items():
        for error in errors:
            words = str(next(iter(error.messages)))
            faults.append(Fault(f"{at}/{names.get(name, name)}", str(error.code or "unusable"), words))
    return False


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 with the offset of Beijing."""
    return None if moment is None else moment.astimezone(BEIJING).isoformat()


def tag_of(application: Application) -> str:
    """The entity tag of an application: its revision and where it stands."""
    return f'"r{application.revision}-{application.status}"'


def plain_application(application: Application) -> dict[str, Any]:
    """An application without what it holds."""
    return {
        "id": application.pk,
        "number": application.number,
        "status": application.status,
        "outcome": application.outcome or None,
        "kind": application.kind,
        "purpose": application.purpose,
        "revision": application.revision,
        "submitted_at": instant(application.submitted_at),
        "decided_at": instant(application.decided_at),
        "licence_no": application.licence.licence_no if application.licence is not None else None,
    }


def whole_application(application: Application) -> dict[str, Any]:
    """An application with all that it holds."""
    lines = [
        {
            "line_no": line.line_no,
            "product": line.code,
            "quantity_kg": None
            if line.quantity_g is None
            else plain(line.quantity_g, decimals=line.quantity_dp),
            "value_cny": None if line.value_fen is None else plain(line.value_fen, CNY_PLACES, line.value_dp),
            "note": line.note,
            "verdict": line.verdict,
            "control_codes": line.codes,
        }
        for line in application.lines.all()
    ]
    parties = [{name: getattr(party, name) for name in PARTY} for party in application.parties.all()]
    lacking = [shown(lack) for lack in lacks_of(application)] if application.is_draft else []
    use = {name: getattr(application, name) for name in USE}
    use["contract_on"] = application.contract_on.isoformat() if application.contract_on else None
    return {
        **plain_application(application),
        "lines": lines,
        "parties": parties,
        **use,
        "lacks": [
            {
                "code": one["code"],
                "line_no": one["line_no"],
                "blocks": one["blocks"],
                "message": str(one["words"]),
            }
            for one in lacking
        ],
        "clock": _clock(application),
        "requests": [
            {
                "id": row.pk,
                "text": row.text,
                "line_no": row.line.line_no if row.line is not None else None,
                "due_on": row.due_on.isoformat(),
                "state": row.state,
            }
            for row in application.requests.select_related("line")
        ],
    }


def _clock(application: Application) -> dict[str, Any] | None:
    stands = clock_for(application)
    if stands is None:
        return None
    return {
        "accepted_on": stands.accepted_on.isoformat(),
        "used": stands.used,
        "limit": stands.limit,
        "runs": stands.runs,
        "due_on": stands.due_on.isoformat(),
        "provisional": stands.provisional,
    }


def plain_paper(paper: ApplicationPaper) -> dict[str, Any]:
    """A file as it is kept."""
    return {
        "id": paper.pk,
        "kind": paper.kind,
        "name": paper.document.original_name,
        "size": paper.document.size,
        "sha256": paper.document.sha256,
        "scan": paper.scan,
    }
