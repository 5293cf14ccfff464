"""``counterparties/``: the clients and suppliers of one's own organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from portal.core.api.endpoint import Endpoint, acts, nothing
from portal.core.api.schema import Operation, Refusal, Said, described, page_of
from portal.registry.api import register
from portal.registry.api.products import RETIRED
from portal.registry.api.register import READ, WRITE, Register
from portal.registry.api.shapes import CounterpartyChangeShape, CounterpartyShape
from portal.registry.forms.counterparties import CounterpartyForm
from portal.registry.models import Counterparty
from portal.registry.services import counterparties as services

_FIELDS = CounterpartyForm.Meta.fields


def shown(row: Counterparty) -> dict[str, Any]:
    """A counterparty as the dictionary has it."""
    return {**{name: getattr(row, name) for name in _FIELDS}, "retired": row.retired_at is not None}


COUNTERPARTIES = Register(
    rows=lambda actor: Counterparty.objects.filter(organisation=actor.organisation),
    order=("code",),
    key={"code": "counterparty_code"},
    shown=shown,
    form=CounterpartyForm,
    also=("confirmed",),
    add=lambda actor, form: services.add(by=actor, fields=form.values()),
    edit=lambda actor, row, form: services.edit(by=actor, counterparty=row, fields=form.values()),
    retire=lambda actor, row, wanted: services.retire(by=actor, counterparty=row, retired=wanted),
    address="api_counterparty",
)
_EXAMPLE = {
    "code": "C-01",
    "name": "Rheinmotor GmbH",
    "country": "DE",
    "id_type": "VAT",
    "id_number": "DE136695976",
    "end_use": "electric motors",
}
_FULL = {**dict.fromkeys(_FIELDS, ""), **_EXAMPLE, "retired": False}
_TAG = "Registers"
_LOOK = Refusal(
    422, "unusable", "Some of what was sent cannot be used. See “errors” for each place.",
    (
        {"pointer": "/confirmed", "code": "look_again", "message": "Please look at the remarks below, then confirm or correct."},
        {"pointer": "/name", "code": "looks_like", "message": "It looks like C-02, which is in your register."},
    ),
)  # fmt: skip


class CounterpartyList(Endpoint):
    """The register."""

    allowed = {"GET": READ, "POST": WRITE}

    @described(
        Operation(
            "counterparties_list",
            _TAG,
            "The clients and suppliers of your organisation, by code",
            paged=True,
            query=[RETIRED],
            answers={200: Said(page_of(CounterpartyShape), "a page", {"results": [_FULL], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        return register.listed(COUNTERPARTIES, request, self.actor)

    @described(
        Operation(
            "counterparties_add",
            _TAG,
            "Add a client or supplier",
            request=CounterpartyChangeShape,
            request_example=_EXAMPLE,
            words="A number that fails its check, and a likeness to one already listed, are told once: look, then send the "
            "same with `confirmed: true`.",
            creates=True,
            refusals=[_LOOK],
            answers={201: Said(CounterpartyShape, "added", _FULL)},
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        return register.added(COUNTERPARTIES, request, self.actor)


class CounterpartyItem(Endpoint):
    """One client or supplier."""

    allowed = {"GET": READ, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    @described(
        Operation(
            "counterparties_read",
            _TAG,
            "One client or supplier",
            refusals=["not_found"],
            answers={200: Said(CounterpartyShape, "the counterparty", _FULL)},
        )
    )
    def get(self, request: Request, counterparty_code: str) -> HttpResponse:
        return register.read(
            COUNTERPARTIES, request, register.one(COUNTERPARTIES, self.actor, code=counterparty_code)
        )

    @described(
        Operation(
            "counterparties_replace",
            _TAG,
            "Replace a counterparty: what is not sent becomes blank",
            request=CounterpartyChangeShape,
            request_example=_EXAMPLE,
            matches=True,
            refusals=["not_found", _LOOK],
            answers={200: Said(CounterpartyShape, "replaced", _FULL)},
        )
    )
    @acts
    def put(self, request: Request, counterparty_code: str) -> HttpResponse:
        row = register.one(COUNTERPARTIES, self.actor, lock=True, code=counterparty_code)
        return register.changed(COUNTERPARTIES, request, self.actor, row, whole=True)

    @described(
        Operation(
            "counterparties_amend",
            _TAG,
            "Change what is sent and leave the rest",
            request=CounterpartyChangeShape,
            request_example={"city": "Köln"},
            matches=True,
            refusals=["not_found", _LOOK],
            answers={200: Said(CounterpartyShape, "changed", _FULL)},
        )
    )
    @acts
    def patch(self, request: Request, counterparty_code: str) -> HttpResponse:
        row = register.one(COUNTERPARTIES, self.actor, lock=True, code=counterparty_code)
        return register.changed(COUNTERPARTIES, request, self.actor, row, whole=False)

    @described(
        Operation(
            "counterparties_retire",
            _TAG,
            "Retire a counterparty",
            matches=True,
            refusals=["not_found"],
            words="It is no longer offered in new filings; what was filed stays. A second call changes nothing.",
            answers={204: Said(None, "retired")},
        )
    )
    @acts
    def delete(self, request: Request, counterparty_code: str) -> HttpResponse:
        row = register.one(COUNTERPARTIES, self.actor, lock=True, code=counterparty_code)
        register.retired(COUNTERPARTIES, request, self.actor, row)
        return nothing()
