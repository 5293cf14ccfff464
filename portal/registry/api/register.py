"""What products, lots and counterparties have in common: listed in pages, read, added, replaced, amended, by code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from portal.core.actors import Actor
from portal.core.api import paging
from portal.core.api.bodies import flag, members, pointer
from portal.core.api.endpoint import address, answer
from portal.core.api.problems import Fault, Problem, invalid, not_found
from portal.core.api.tags import answered_with, require_match, tag_of
from portal.core.permissions import Permission

READ = (Permission.FILING_VIEW,)
WRITE = (Permission.REGISTER_EDIT,)


@dataclass(frozen=True)
class Register:
    """One register: its rows, how one is shown, and the form and services by which it is written on pages too."""

    rows: Callable[[Actor], QuerySet[Any]]
    order: tuple[str, ...]
    key: Mapping[
        str, str
    ]  # members that name a row, and what stands for them in its address: they do not change
    shown: Callable[[Any], dict[str, Any]]
    form: Callable[..., Any]
    also: tuple[str, ...]  # members that the form takes beside the row's own
    add: Callable[[Actor, Any], Any]
    edit: Callable[[Actor, Any, Any], Any]
    retire: Callable[[Actor, Any, bool], None] | None
    address: str  # name of the URL of one row


def listed(register: Register, request: Request, actor: Actor) -> HttpResponse:
    """One page of the register; retired rows only where they are asked for."""
    rows = register.rows(actor)
    if register.retire is not None:
        asked = request.query_params.get("retired", "false")
        if asked not in {"true", "false"}:
            raise paging.bad_query("retired", _("Write true or false."))
        rows = rows.filter(retired_at__isnull=asked == "false")
    return answer(
        paging.page(request, rows, register.order, lambda page: [register.shown(row) for row in page])
    )


def one(register: Register, actor: Actor, lock: bool = False, **key: str) -> Any:
    """The row with this key. Raises the problem 404, the same for another organisation's."""
    rows = register.rows(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(**key).first()
    if row is None:
        raise not_found()
    return row


def read(register: Register, request: Request, row: Any) -> HttpResponse:
    """The row with its tag."""
    shown = register.shown(row)
    return answered_with(request, answer(shown), tag_of(shown))


def added(register: Register, request: Request, actor: Actor) -> HttpResponse:
    """A new row; 201 with its address."""
    given = members(request, _known(register))
    form = _judged(register, actor, given, None)
    row = register.add(actor, form)
    _set_retired(register, actor, row, given)
    shown = register.shown(row)
    path = reverse(register.address, kwargs=_key_of(register, shown))
    return answered_with(request, answer(shown, 201, {"Location": address(request, path)}), tag_of(shown))


def changed(register: Register, request: Request, actor: Actor, row: Any, *, whole: bool) -> HttpResponse:
    """The row replaced (``whole``: what is not sent becomes blank) or amended; the row is locked by the caller."""
    before = register.shown(row)
    require_match(request, tag_of(before))
    given = members(request, _known(register))
    for name in register.key:
        if given.setdefault(name, before[name]) != before[name]:
            words = _("The code does not change. Add a new one, and retire this one.")
            raise invalid([Fault(pointer(name), "key_changed", words)])
    if not whole:
        given = {**before, **given}
    form = _judged(register, actor, given, row)
    row = register.edit(actor, row, form)
    _set_retired(register, actor, row, given)
    shown = register.shown(row)
    return answered_with(request, answer(shown), tag_of(shown))


def _known(register: Register) -> Iterable[str]:
    retired = ("retired",) if register.retire is not None else ()
    return (*register.key, *register.form.Meta.fields, *register.also, *retired)  # type: ignore[attr-defined]


def _key_of(register: Register, shown: Mapping[str, Any]) -> dict[str, str]:
    return {place: shown[name] for name, place in register.key.items()}


def _judged(register: Register, actor: Actor, given: Mapping[str, Any], row: Any) -> Any:
    """The form of the page over what was sent. Raises the problem 422 with a pointer to each faulty member."""
    faults = [fault for name, value in given.items() if (fault := _mistyped(name, value)) is not None]
    faults += [
        Fault(
            pointer(name),
            "unusable_character",
            _("A code has no line breaks and nothing that cannot be seen."),
        )
        for name in register.key
        if isinstance(given.get(name), str) and not given[name].isprintable()
    ]
    if faults:
        raise invalid(faults)
    if "retired" in given:
        flag(given, "retired")
    data = {
        name: value if isinstance(value, str) else "on"
        for name, value in given.items()
        if value not in {None, False}
    }
    form = register.form(data, actor=actor, **({} if row is None else {"instance": row}))
    _blank_is_default(form)
    if not form.is_valid():
        raise invalid([*_places(form), *_doubts(form)])
    return form


def _mistyped(name: str, value: Any) -> Fault | None:
    if name in {"confirmed", "retired"}:
        return (
            None if isinstance(value, bool) else Fault(pointer(name), "not_a_flag", _("Write true or false."))
        )
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and name.endswith("_pct"):
        return Fault(
            pointer(name), "decimal_not_text", _('Write decimals as JSON strings, for example "12.400".')
        )
    return Fault(pointer(name), "not_a_text", _("Write it as a JSON string."))


def _blank_is_default(form: forms.ModelForm[Model]) -> None:
    """The uncertainty that is not given is the dictionary's."""
    if not form.data.get("assay_rel_uncertainty_pct") and "assay_rel_uncertainty_pct" in form.fields:
        form.data = {**form.data, "assay_rel_uncertainty_pct": "1.0"}  # type: ignore[assignment]


def _places(form: Any) -> list[Fault]:
    """The members that cannot be used, then what is wrong with the whole."""
    places = [
        Fault("" if name == "__all__" else pointer(name), error.code or "unusable", message)
        for name, errors in form.errors.as_data().items()
        for error in errors
        for message in error.messages
    ]
    return sorted(places, key=lambda fault: not fault.pointer)


def _doubts(form: Any) -> list[Fault]:
    """What a person should look at once more, and confirm: a failing number, and those already listed that are alike."""
    doubted = [Fault("/id_number", "doubtful_number", words) for words in getattr(form, "doubts", [])]
    alike = getattr(form, "alike", [])
    words = _("It looks like %(code)s, which is in your register.")
    return doubted + [Fault("/name", "looks_like", words % {"code": row.code}) for row, _found in alike]


def _set_retired(register: Register, actor: Actor, row: Any, given: Mapping[str, Any]) -> None:
    wanted = given.get("retired")
    if register.retire is None or wanted is None or wanted == (row.retired_at is not None):
        return
    register.retire(actor, row, wanted)
    row.refresh_from_db()


def retired(register: Register, request: Request, actor: Actor, row: Any) -> None:
    """The row is no longer offered; a second call changes nothing."""
    if register.retire is None:
        raise Problem(405, "method_not_allowed", _("This address does not know the method."))
    require_match(request, tag_of(register.shown(row)))
    if row.retired_at is None:
        register.retire(actor, row, True)


def plain(value: Any) -> Any:
    """A field as the dictionary writes it: decimals without the zeros that nobody reported, days as ISO 8601."""
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text if value else "0"
    return value.isoformat() if isinstance(value, date) else value
