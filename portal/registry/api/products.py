"""``products/``: the catalogue of one's own organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from portal.core.api.endpoint import Endpoint, acts, nothing
from portal.core.api.schema import Operation, Refusal, Said, described, page_of
from portal.registry.api import register
from portal.registry.api.register import READ, WRITE, Register, plain
from portal.registry.api.shapes import ProductChangeShape, ProductShape
from portal.registry.forms.products import ProductForm
from portal.registry.models import Product
from portal.registry.services import products as services

_FIELDS = ProductForm.Meta.fields


def shown(product: Product) -> dict[str, Any]:
    """A product as the dictionary has it."""
    return {
        **{name: plain(getattr(product, name)) for name in _FIELDS},
        "retired": product.retired_at is not None,
    }


PRODUCTS = Register(
    rows=lambda actor: Product.objects.filter(organisation=actor.organisation),
    order=("code",),
    key={"code": "product_code"},
    shown=shown,
    form=ProductForm,
    also=("correction",),
    add=lambda actor, form: services.add(by=actor, fields=form.values()),
    edit=lambda actor, row, form: services.edit(
        by=actor,
        product=row,
        fields=form.values(),
        correction=form.cleaned_data.get("correction", ""),
    ),
    retire=lambda actor, row, wanted: services.retire(by=actor, product=row, retired=wanted),
    address="api_product",
)
_EXAMPLE = {
    "code": "P-07",
    "name": "Ring 20 × 10",
    "stage": "magnet",
    "family": "ndfeb",
    "grade": "N42SH",
    "hs_code": "8505111000",
    "processing_level": "primary_shape",
    "partners": "fe;b",
    "nd_pct": "24.1",
    "dy_pct": "1.2",
    "tb_pct": "0",
}
_FULL = {**dict.fromkeys(name for name in _FIELDS if name.endswith("_pct")), **_EXAMPLE}
_FULL |= {"assay_rel_uncertainty_pct": "1", "retired": False}
_TAG = "Registers"
_IN_USE = Refusal(
    422, "unusable", "Some of what was sent cannot be used. See “errors” for each place.",
    ({"pointer": "/correction", "code": "recipe_in_use", "message": "Filings rest on these contents. Say what was recorded wrongly, or add the new recipe as a new product."},),
)  # fmt: skip
RETIRED = OpenApiParameter("retired", bool, description="those no longer offered, instead of the others")


class ProductList(Endpoint):
    """The catalogue."""

    allowed = {"GET": READ, "POST": WRITE}

    @described(
        Operation(
            "products_list",
            _TAG,
            "The products of your organisation, by code",
            paged=True,
            query=[RETIRED],
            answers={200: Said(page_of(ProductShape), "a page", {"results": [_FULL], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        return register.listed(PRODUCTS, request, self.actor)

    @described(
        Operation(
            "products_add",
            _TAG,
            "Add a product",
            request=ProductChangeShape,
            request_example=_EXAMPLE,
            creates=True,
            answers={201: Said(ProductShape, "added", _FULL)},
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        return register.added(PRODUCTS, request, self.actor)


class ProductItem(Endpoint):
    """One product."""

    allowed = {"GET": READ, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    @described(
        Operation(
            "products_read",
            _TAG,
            "One product",
            answers={200: Said(ProductShape, "the product", _FULL)},
            refusals=["not_found"],
        )
    )
    def get(self, request: Request, product_code: str) -> HttpResponse:
        return register.read(PRODUCTS, request, register.one(PRODUCTS, self.actor, code=product_code))

    @described(
        Operation(
            "products_replace",
            _TAG,
            "Replace a product: what is not sent becomes blank",
            request=ProductChangeShape,
            request_example=_EXAMPLE,
            matches=True,
            refusals=["not_found", _IN_USE],
            answers={200: Said(ProductShape, "replaced", _FULL)},
        )
    )
    @acts
    def put(self, request: Request, product_code: str) -> HttpResponse:
        row = register.one(PRODUCTS, self.actor, lock=True, code=product_code)
        return register.changed(PRODUCTS, request, self.actor, row, whole=True)

    @described(
        Operation(
            "products_amend",
            _TAG,
            "Change what is sent and leave the rest",
            request=ProductChangeShape,
            request_example={"grade": "N45SH"},
            matches=True,
            refusals=["not_found", _IN_USE],
            answers={200: Said(ProductShape, "changed", _FULL)},
        )
    )
    @acts
    def patch(self, request: Request, product_code: str) -> HttpResponse:
        row = register.one(PRODUCTS, self.actor, lock=True, code=product_code)
        return register.changed(PRODUCTS, request, self.actor, row, whole=False)

    @described(
        Operation(
            "products_retire",
            _TAG,
            "Retire a product",
            matches=True,
            refusals=["not_found"],
            words="It is no longer offered in new filings; what was filed stays. A second call changes nothing.",
            answers={204: Said(None, "retired")},
        )
    )
    @acts
    def delete(self, request: Request, product_code: str) -> HttpResponse:
        row = register.one(PRODUCTS, self.actor, lock=True, code=product_code)
        register.retired(PRODUCTS, request, self.actor, row)
        return nothing()
