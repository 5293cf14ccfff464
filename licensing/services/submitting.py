"""An application is submitted by a certifier with its undertakings, and may be withdrawn until it is decided."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.models import Application, ApplicationStatus, Outcome, Undertaking
from licensing.queries.completeness import blocking_lacks
from licensing.services import routing, screening
from licensing.services.applications import take_over
from licensing.services.judging import judge_lines
from licensing.services.moves import in_office, may, move, own, tell, words_given
from portal.accounts.services.signatures import require_second_factor
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another when read aloud or copied by hand


def submit(*, by: Actor, application_id: int, revision: int, undertakings: Sequence[str]) -> Application:
    """The application is with the office: goods frozen as the catalogue has them and judged, parties screened, routed.

    A second call gives the same application. Refused with ``stale`` where it changed since ``revision`` was read.
    """
    may(by, Permission.LICENCE_SUBMIT)
    require_second_factor(by=by)
    with transaction.atomic():
        application = own(by, application_id)
        if application.is_live:
            return application
        if not application.is_draft:
            raise Refused("not_a_draft", _("This application is no draft any more. Begin a new one."))
        if application.revision != revision:
            raise Refused(
                "stale", _("The application was changed after you read it. Read it again before you submit.")
            )
        if set(undertakings) != set(Undertaking.values):
            raise Refused("undertakings_missing", _("Give each undertaking first."))
        lacking = blocking_lacks(application)
        if lacking:
            raise Refused(
                "incomplete",
                _("Something is missing still: %(count)s in all."),
                values={"count": len(lacking)},
            )
        application.list_version = _freeze(application)
        moment = clock.now()
        move(
            application,
            ApplicationStatus.SUBMITTED,
            by=by,
            number=f"LA{moment:%Y}-{''.join(secrets.choice(_SIGNS) for _ in range(7))}",
            undertakings=";".join(sorted(undertakings)),
            submitted_at=moment,
            submitted_by=by.user,
            list_version=application.list_version,
        )
        screening.screen_application(application, cause="submission")
        routing.route_application(application, by=by)
        tell("application.submitted", by, application, lines=application.lines.count())
        publish("application.submitted", application.pk)
    return application


def _freeze(application: Application) -> int:
    """The goods as the catalogue has them at this moment, with their verdicts; the list's version."""
    lines = list(application.lines.select_related("product"))
    for line in lines:
        take_over(line, line.product)
    version = judge_lines(lines, clock.today())
    for line in lines:
        line.save()
    return version


def withdraw(*, by: Actor, application_id: int, reason: str) -> Application:
    """The application counts no more; the office is told why. A second call changes nothing."""
    may(by, Permission.LICENCE_SUBMIT)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        application = own(by, application_id)
        if application.status == ApplicationStatus.WITHDRAWN:
            return application
        move(application, ApplicationStatus.WITHDRAWN, by=by, cause="applicant")
        tell("application.withdrawn", by, application, reason=words)
    return application


def close(*, by: Actor, application_id: int, reason: str) -> Application:
    """What cannot be accepted, or is decided and past appeal, is closed by the office."""
    may(by, Permission.CASE_HANDLE)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        application = in_office(by, application_id)
        if application.status == ApplicationStatus.CLOSED:
            return application
        if (
            application.outcome == Outcome.REFUSED
            and (application.appeal_until or clock.today()) >= clock.today()
        ):
            raise Refused("appeal_open", _("The applicant may still appeal. Close it afterwards."))
        move(application, ApplicationStatus.CLOSED, by=by, cause="office")
        tell("application.closed", by, application, reason=words)
        publish("application.decided", application.pk)
    return application
