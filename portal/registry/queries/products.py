"""Reading an organisation's products."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from portal.core.actors import Actor
from portal.registry.models import Element, Product


def products_of(actor: Actor, words: str = "", *, retired: bool = False) -> QuerySet[Product]:
    """The actor's organisation's products that hold the words, in the order of their codes."""
    rows = Product.objects.filter(organisation=actor.organisation, retired_at__isnull=not retired)
    for word in words.split():
        rows = rows.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(grade__icontains=word))
    return rows.order_by("code")


def product_of(actor: Actor, product_id: int) -> Product:
    """One of them; Http404 for any other."""
    product = Product.objects.filter(organisation=actor.organisation, pk=product_id).first()
    if product is None:
        raise Http404
    return product


def is_used(product: Product) -> bool:
    """Whether any record beyond the catalogue (a line, a lot) points at the product."""
    for relation in product._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's documented API
        if relation.auto_created and relation.is_relation and not relation.concrete:
            model = relation.related_model
            if model.objects.filter(**{relation.field.name: product}).exists():  # type: ignore[union-attr]
                return True
    return False


def elements() -> list[Element]:
    """The elements in the order of columns and charts."""
    return list(Element.objects.all())
