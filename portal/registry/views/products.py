"""Pages of an organisation's products."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.core.actors import Actor
from portal.core.permissions import Permission, allow
from portal.registry.forms.products import ProductForm
from portal.registry.queries import products as queries
from portal.registry.services import products as services

PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_VIEW)
@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, found by words; retired products on a tab of their own."""
    words, retired = request.GET.get("q", "").strip(), "retired" in request.GET
    rows = queries.products_of(_actor(request), words, retired=retired)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "q": words,
        "retired": retired,
        "may_edit": _actor(request).may(Permission.REGISTER_EDIT),
    }
    return TemplateResponse(request, "registry/product_list.html", context)


@allow(Permission.FILING_VIEW)
@require_GET
def product_view(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product and its contents."""
    product = queries.product_of(_actor(request), product_id)
    contents = [(element, getattr(product, f"{element.symbol}_pct")) for element in queries.elements()]
    context = {
        "product": product,
        "contents": contents,
        "may_edit": _actor(request).may(Permission.REGISTER_EDIT),
    }
    return TemplateResponse(request, "registry/product_view.html", context)


@allow(Permission.REGISTER_EDIT)
def product_add(request: HttpRequest) -> HttpResponse:
    """A new product, empty or begun as a copy of another."""
    actor = _actor(request)
    initial = {}
    if copied := request.GET.get("copy", ""):
        source = queries.product_of(
            actor, int(copied) if copied.isascii() and copied.isdecimal() and len(copied) < 19 else 0
        )
        initial = {name: getattr(source, name) for name in ProductForm.Meta.fields if name != "code"}
    form = ProductForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        product = services.add(by=actor, fields=form.values())
        messages.success(request, _("%(code)s is in your catalogue.") % {"code": product.code})
        return redirect("product_view", product.pk)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/product_form.html", {"form": form}, status=status)


@allow(Permission.REGISTER_EDIT)
def product_edit(request: HttpRequest, product_id: int) -> HttpResponse:
    """Change a product; the recipe of a used one only as a correction."""
    actor = _actor(request)
    product = queries.product_of(actor, product_id)
    form = ProductForm(request.POST or None, actor=actor, instance=product)
    if request.method == "POST" and form.is_valid():
        kept = queries.product_of(actor, product_id)
        services.edit(
            by=actor, product=kept, fields=form.values(), correction=form.cleaned_data.get("correction", "")
        )
        messages.success(request, _("%(code)s was changed.") % {"code": product.code})
        return redirect("product_view", product.pk)
    status = 422 if form.errors else 200
    return TemplateResponse(
        request, "registry/product_form.html", {"form": form, "product": product}, status=status
    )


@allow(Permission.REGISTER_EDIT)
@require_POST
def product_retire(request: HttpRequest, product_id: int) -> HttpResponse:
    """No longer offer a product, or offer it again."""
    actor = _actor(request)
    product = queries.product_of(actor, product_id)
    retired = request.POST.get("retired") == "true"
    services.retire(by=actor, product=product, retired=retired)
    words = _("%(code)s is no longer offered in new filings.") if retired else _("%(code)s is offered again.")
    messages.success(request, words % {"code": product.code})
    return redirect("product_view", product.pk)
