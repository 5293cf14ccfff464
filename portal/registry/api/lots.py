"""``lots/``: assays of lots, above those of their products."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from portal.core.api.endpoint import Endpoint, acts, nothing
from portal.core.api.schema import Operation, Said, described, page_of
from portal.core.api.tags import require_match, tag_of
from portal.registry.api import register
from portal.registry.api.register import READ, WRITE, Register, plain
from portal.registry.api.shapes import LotShape
from portal.registry.forms.lots import LotForm
from portal.registry.models import Lot
from portal.registry.queries.lots import lots_of
from portal.registry.services import lots as services

_FIELDS = LotForm.Meta.fields


def shown(lot: Lot) -> dict[str, Any]:
    """A lot as the dictionary has it."""
    return {"product": lot.product.code, **{name: plain(getattr(lot, name)) for name in _FIELDS}}


LOTS = Register(
    rows=lots_of,
    order=("batch", "id"),
    key={"batch": "batch", "product": "product_code"},
    shown=shown,
    form=LotForm,
    also=(),
    add=lambda actor, form: services.add(by=actor, fields=form.values()),
    edit=lambda actor, row, form: services.edit(by=actor, lot=row, fields=form.values()),
    retire=None,
    address="api_lot",
)
_EXAMPLE = {
    "batch": "L-2605-01",
    "product": "P-07",
    "dy_pct": "1.31",
    "assay_no": "A-118",
    "assayed_on": "2026-05-04",
}
_FULL = {**dict.fromkeys(name for name in _FIELDS if name.endswith("_pct")), **_EXAMPLE}
_FULL |= {"assay_rel_uncertainty_pct": "1", "laboratory": ""}
_TAG = "Registers"


class LotList(Endpoint):
    """All lots with an assay of their own."""

    allowed = {"GET": READ, "POST": WRITE}

    @described(
        Operation(
            "lots_list",
            _TAG,
            "The lots of your organisation, by lot number",
            paged=True,
            answers={200: Said(page_of(LotShape), "a page", {"results": [_FULL], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        return register.listed(LOTS, request, self.actor)

    @described(
        Operation(
            "lots_add",
            _TAG,
            "Add a lot",
            request=LotShape,
            request_example=_EXAMPLE,
            creates=True,
            answers={201: Said(LotShape, "added", _FULL)},
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        return register.added(LOTS, request, self.actor)


class LotItem(Endpoint):
    """One lot of one product."""

    allowed = {"GET": READ, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    @described(
        Operation(
            "lots_read",
            _TAG,
            "One lot",
            refusals=["not_found"],
            answers={200: Said(LotShape, "the lot", _FULL)},
        )
    )
    def get(self, request: Request, batch: str, product_code: str) -> HttpResponse:
        return register.read(LOTS, request, self._row(batch, product_code))

    @described(
        Operation(
            "lots_replace",
            _TAG,
            "Replace a lot's assay: what is not sent becomes blank",
            request=LotShape,
            request_example=_EXAMPLE,
            matches=True,
            refusals=["not_found"],
            answers={200: Said(LotShape, "replaced", _FULL)},
        )
    )
    @acts
    def put(self, request: Request, batch: str, product_code: str) -> HttpResponse:
        return register.changed(
            LOTS, request, self.actor, self._row(batch, product_code, lock=True), whole=True
        )

    @described(
        Operation(
            "lots_amend",
            _TAG,
            "Change what is sent and leave the rest",
            request=LotShape,
            request_example={"dy_pct": "1.29"},
            matches=True,
            refusals=["not_found"],
            answers={200: Said(LotShape, "changed", _FULL)},
        )
    )
    @acts
    def patch(self, request: Request, batch: str, product_code: str) -> HttpResponse:
        return register.changed(
            LOTS, request, self.actor, self._row(batch, product_code, lock=True), whole=False
        )

    @described(
        Operation(
            "lots_remove",
            _TAG,
            "Remove a lot's assay",
            matches=True,
            refusals=["not_found"],
            words="The product's assay holds for the lot again.",
            answers={204: Said(None, "removed")},
        )
    )
    @acts
    def delete(self, request: Request, batch: str, product_code: str) -> HttpResponse:
        lot = self._row(batch, product_code, lock=True)
        require_match(request, tag_of(shown(lot)))
        services.remove(by=self.actor, lot=lot)
        return nothing()

    def _row(self, batch: str, product_code: str, *, lock: bool = False) -> Any:
        return register.one(LOTS, self.actor, lock=lock, batch=batch, product__code=product_code)
