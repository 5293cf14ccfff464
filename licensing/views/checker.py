"""Whether a good is controlled: the checker for everybody, and a part of a product's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from licensing.forms.checker import CheckerForm
from licensing.queries.classification import classify_goods, good_of
from licensing.queries.control_list import in_force
from licensing.queries.verdict_pages import shown_verdict
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission, allow, public
from portal.registry.models import ELEMENT_SYMBOLS, Product
from portal.registry.queries.products import product_of, products_of

_OFFERED = 200  # products of one's own to begin from


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@public(reason="whoever exports may ask before anything else; what is typed goes by POST and is not kept")
@require_http_methods(["GET", "HEAD", "POST"])
def checker(request: HttpRequest) -> HttpResponse:
    """Say what is known of a good; read whether it is controlled and why."""
    own = _own_products(_actor(request))
    today = clock.today()
    context: dict[str, Any] = {"own": own, "today": today}
    if request.method == "POST":
        form = CheckerForm(request.POST)
        if form.is_valid():
            good, current = form.good(today), in_force()
            context["good"] = good
            context["verdict"] = shown_verdict(classify_goods([good], control_list=current)[0], current)
    else:
        form = CheckerForm(initial={"on": today} | _prefilled(request, own))
    context["form"] = form
    response = TemplateResponse(
        request, "licensing/classify.html", context, status=422 if form.errors else 200
    )
    add_never_cache_headers(response)
    return response


def _own_products(actor: Actor) -> list[Product]:
    """The catalogue of whoever is signed in for an organisation that has one."""
    return list(products_of(actor)[:_OFFERED]) if actor.may(Permission.FILING_VIEW) else []


def _prefilled(request: HttpRequest, own: list[Product]) -> dict[str, Any]:
    """The fields of one of one's own products; nothing for any other."""
    wanted = request.GET.get("product", "")
    product = next((one for one in own if str(one.pk) == wanted), None)
    if product is None:
        return {}
    good = good_of(product)
    contents = {f"{symbol}_pct": good.contents.get(symbol) for symbol in ELEMENT_SYMBOLS}
    said = {"form": good.form, "family": good.family, "processing_level": good.processing_level}
    return {
        **said,
        **{
            name: None if amount is None else format(amount.normalize(), "f")
            for name, amount in contents.items()
        },
        "partners": ";".join(good.partners),
        "hs_code": good.hs_code,
        "description": good.description,
    }


@allow(Permission.FILING_VIEW)
@require_safe
def product_control(request: HttpRequest, product_id: int) -> HttpResponse:
    """Whether a product of one's own is controlled today: a part of its page, and a page by itself."""
    product = product_of(_actor(request), product_id)
    current = in_force()
    verdict = classify_goods([good_of(product)], control_list=current)[0]
    context = {"product": product, "verdict": shown_verdict(verdict, current), "on": clock.today()}
    part = request.headers.get("HX-Request") == "true"
    template = "licensing/_product_control.html" if part else "licensing/product_control.html"
    return TemplateResponse(request, template, context)
