"""A sweep asked for by a person."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission
from reporting.models import Sweep, SweepState
from reporting.services import sweeps

SAME_WITHIN = timedelta(minutes=2)


def order(*, by: Actor, first: Month, last: Month) -> Sweep:
    """Every check is run over these months by the workers; the sweep, to be followed.

    One that the same person ordered over the same months moments ago, and that still runs, is given back instead.
    """
    if not by.may(Permission.SWEEP_START):
        raise Refused("not_permitted", _("Your role does not include this."), status=403)
    if first > last:
        raise Refused("months_reversed", _("The first month comes after the last."))
    moment = clock.now()
    with transaction.atomic():
        same = Sweep.objects.filter(
            from_period=first,
            to_period=last,
            started_by_id=by.user_id,
            state=SweepState.RUNNING,
            started_at__gte=moment - SAME_WITHIN,
        ).first()
        if same is not None:
            return same
        sweeps.prepare(by=by, as_of=moment)
        return sweeps.begin(by=by, first=first, last=last, as_of=moment, cause="page")
