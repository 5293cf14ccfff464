"""An item of a declaration against its licence: which line it draws, and the draw, for every door it may come by."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from licensing.domain.declared import DeclaredItem
from licensing.domain.validity import LineOffer, line_for
from licensing.models import LicenceLine
from licensing.services.ledger import draw_unheard
from licensing.services.postings import Presented
from portal.core.actors import Actor
from portal.core.errors import Refused


def line_drawn(presented: Presented, item: DeclaredItem, codes: Sequence[str] = ()) -> LicenceLine:
    """The line that the item draws. Refused where there is none, or more than one."""
    lines = {line.line_no: line for line in presented.lines}
    offers = [LineOffer(line.line_no, frozenset(line.codes), line.hs_code) for line in lines.values()]
    number, fault = line_for(offers, named=item.licence_line_no, codes=codes, hs_code=item.hs_code)
    if number is None:
        raise Refused(fault, _("The licence does not cover these goods."))
    return lines[number]


def draw_item(
    *,
    by: Actor,
    presented: Presented,
    item: DeclaredItem,
    cause: str,
    codes: Sequence[str] = (),
    first: bool = False,
) -> LicenceLine:
    """The item has drawn its line, as it stands afterwards; for a caller that holds the item and writes the trail.

    Refused, the ledger untouched, where the licence does not allow it. ``first`` as in ``draw_unheard``.
    """
    line = line_drawn(presented, item, codes)
    if item.quantity_g is None:
        raise Refused("quantity_missing", _("No quantity was declared."))
    movement = draw_unheard(
        by=by,
        licence=presented.licence,
        line_id=line.pk,
        grams=item.quantity_g,
        declaration=item.key,
        day=item.declared_on,
        cause=cause,
        first=first,
    )
    now: LicenceLine = movement.line
    now.licence = presented.licence
    return now
