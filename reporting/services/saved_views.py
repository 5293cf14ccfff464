"""Filters of a list that a reviewer keeps under a name."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.core.words import storable
from reporting.models import SavedView

AT_MOST = 50


def keep(*, by: Actor, listing: str, name: str, query: str) -> SavedView:
    """The list's present filters stand under the name; a view of that name is replaced."""
    _may(by)
    name = " ".join(storable(name).split())[:60]
    if not name:
        raise Refused("name_missing", _("Give the view a name."))
    if len(query) > 500:
        raise Refused("query_long", _("These filters are too long to keep."))
    with transaction.atomic():
        mine = SavedView.objects.filter(user=by.user, listing=listing)
        if mine.exclude(name=name).count() >= AT_MOST:
            raise Refused(
                "too_many_views",
                _("You keep %(limit)s views already. Delete one first."),
                values={"limit": AT_MOST},
            )
        view, _created = SavedView.objects.update_or_create(
            user=by.user, listing=listing, name=name, defaults={"query": query}
        )
        record("view.saved", by=by, subject=("view", view.pk), data={"list": listing})
    return view


def forget(*, by: Actor, view_id: int) -> None:
    """The person's own view is gone; one that is gone already, or another's, changes nothing."""
    _may(by)
    with transaction.atomic():
        gone, _rows = SavedView.objects.filter(pk=view_id, user=by.user).delete()
        if gone:
            record("view.deleted", by=by, subject=("view", view_id))


def _may(by: Actor) -> None:
    if not by.may(Permission.SUPERVISE):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)
