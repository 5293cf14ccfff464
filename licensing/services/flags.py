"""Flags on a case: raised by rules, lowered by a person with a reason; what was raised stays on record."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404

from licensing.models import Application, Flag
from licensing.services.moves import in_office, may, tell, words_given
from portal.core import clock
from portal.core.actors import Actor
from portal.core.permissions import Permission


def raise_flag(application: Application, code: str, *, rule: str, list_version: int | None = None) -> Flag:
    """The flag stands, under the version of the list by which the case was judged unless another is named.

    Raised again while it stands, it stands once.
    """
    version = application.list_version if list_version is None else list_version
    flag, _new = Flag.objects.get_or_create(
        application=application,
        code=code,
        lowered_at=None,
        defaults={"rule": rule, "list_version": version, "raised_at": clock.now()},
    )
    return flag


def lower_all(application: Application, codes: Sequence[str], *, by: Actor, reason: str) -> None:
    """None of these flags stands any more; part of the caller's transaction."""
    application.flags.filter(code__in=codes, lowered_at=None).update(
        lowered_at=clock.now(), lowered_by=by.user, reason=reason
    )


def lower(*, by: Actor, flag_id: int, reason: str) -> Flag:
    """One flag stands no more, for the reason given. A second call changes nothing."""
    may(by, Permission.CASE_HANDLE)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        flag = Flag.objects.select_for_update().filter(pk=flag_id).first()
        if flag is None:
            raise Http404
        application = in_office(by, flag.application_id)
        if flag.lowered_at is None:
            flag.lowered_at, flag.lowered_by, flag.reason = clock.now(), by.user, words
            flag.save(update_fields=["lowered_at", "lowered_by", "reason"])
            tell("application.flag_lowered", by, application, code=flag.code)
    return flag
