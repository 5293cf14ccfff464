"""Four eyes: a case officer recommends, another person signs or sends back; what is signed is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.models import (
    Application,
    ApplicationStatus,
    Countersignature,
    FlagCode,
    HitState,
    Outcome,
    Recommendation,
    RefusalReason,
)
from licensing.queries.rejudgements import lines_now
from licensing.services import granting, screening
from licensing.services.letters import write
from licensing.services.moves import in_office, may, move, tell, words_given
from portal.accounts.models import Membership
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.permissions import Permission
from portal.core.words import storable
from portal.registry.models import WatchEffect

APPEAL_DAYS = 60  # Administrative Reconsideration Law, Art. 20
LONGEST = {"individual": 12, "general": 36}  # months (Order 792)


@dataclass(frozen=True)
class Terms:
    """What a licence would be granted for: how long, how often, how exactly, through which office, how much."""

    months: int = 12
    max_uses: int | None = None
    tolerance_pct: Decimal = Decimal(0)
    customs_office: str = ""
    transport_mode: str = ""
    no_split: bool = False
    quantities: Mapping[int, int] = field(
        default_factory=dict
    )  # line_no -> grams; what is not named: as asked


def recommend(
    *,
    by: Actor,
    application_id: int,
    verdict: str,
    terms: Terms | None = None,
    reasons: Sequence[str] = (),
    words: str = "",
) -> Recommendation:
    """The case waits for the second person with what this officer recommends."""
    may(by, Permission.CASE_HANDLE)
    text = storable(words).strip()
    asked = terms or Terms()
    _sound(verdict, reasons, text)
    with transaction.atomic():
        application = in_office(by, application_id)
        _nobody_of(application, by)
        if application.status != ApplicationStatus.IN_REVIEW:
            raise Refused(
                "not_in_review", _("Only a case in review can be recommended. Close its requests first.")
            )
        if verdict == Outcome.GRANTED:
            _grantable(application, asked)
        recommendation = Recommendation.objects.create(
            application=application,
            verdict=verdict,
            reasons=";".join(reasons),
            words=text,
            months=asked.months,
            max_uses=asked.max_uses,
            tolerance_pct=asked.tolerance_pct,
            customs_office=asked.customs_office,
            transport_mode=asked.transport_mode,
            no_split=asked.no_split,
            quantities={str(line_no): grams for line_no, grams in asked.quantities.items()},
            by=by.user,
            at=clock.now(),
        )
        move(application, ApplicationStatus.RECOMMENDED, by=by)
        tell("application.recommended", by, application, verdict=verdict)
    return recommendation


def _sound(verdict: str, reasons: Sequence[str], words: str) -> None:
    if verdict not in Outcome.values or any(code not in RefusalReason.values for code in reasons):
        raise Refused("unknown_code", _("Choose what you recommend."), status=422)
    if verdict == Outcome.REFUSED and (not reasons or not words):
        raise Refused(
            "reason_missing", _("A refusal needs its reason, and words that the applicant understands.")
        )
    if verdict == Outcome.GRANTED and reasons:
        raise Refused("reasons_without_refusal", _("Reasons of refusal belong to a refusal."), status=422)


def _nobody_of(application: Application, by: Actor) -> None:
    kin = Membership.objects.filter(
        organisation_id=application.organisation_id, user_id=by.user_id or 0
    ).exists()
    if kin or by.user_id in {application.submitted_by_id, application.created_by_id}:
        raise Refused(
            "own_case", _("You belong to the applicant. Somebody else must handle this case."), status=403
        )


def _grantable(application: Application, terms: Terms) -> None:
    longest = LONGEST[application.kind]
    if not 1 <= terms.months <= longest:
        raise Refused(
            "too_long", _("Such a licence holds for up to %(months)s months."), values={"months": longest}
        )
    asked = {line.line_no: line.quantity_g or 0 for line in application.lines.all()}
    if any(
        line_no not in asked or not 0 < grams <= asked[line_no] for line_no, grams in terms.quantities.items()
    ):
        raise Refused(
            "more_than_asked", _("Grant more than nothing and no more than was asked for."), status=422
        )
    _list_followed(application)
    if any(line.verdict == "assay_required" for line in lines_now(application)):
        raise Refused("assay_missing", _("An assay that decides is missing. Ask for it, or refuse."))
    _parties_clear(application)


def _list_followed(application: Application) -> None:
    if application.flags.filter(code=FlagCode.LIST_CHANGED, lowered_at=None).exists():
        raise Refused(
            "list_changed",
            _("The list judges a good otherwise than at submission. Look at it, and lower the flag first."),
        )


def _parties_clear(application: Application) -> None:
    if application.hits.filter(state=HitState.OPEN).exists():
        raise Refused("hits_open", _("Say of every likeness to a watch list whether it is the same party."))
    effects = set(application.hits.filter(state=HitState.CONFIRMED).values_list("entry__effect", flat=True))
    if WatchEffect.DENY in effects:
        raise Refused(
            "party_listed", _("A party is on a list that bars any licence. Refuse, or clear the likeness.")
        )
    if WatchEffect.NO_GENERAL in effects and application.kind == "general":
        raise Refused("no_general", _("A party is on a list that bars general licences."))


def countersign(*, by: Actor, application_id: int) -> Application:
    """The recommendation is signed by a second person: the case is decided, and a licence issued where it is granted.

    All parties are screened once more first. A second call gives the case as it was decided.
    """
    may(by, Permission.CASE_COUNTERSIGN)
    with transaction.atomic():
        application = in_office(by, application_id)
        if application.status == ApplicationStatus.DECIDED:
            return application
        recommendation = _waiting(application, by)
        screening.screen_application(application, cause="decision")
        if recommendation.verdict == Outcome.GRANTED:
            _list_followed(application)
            _parties_clear(application)
        _sign(recommendation, by, Countersignature.SIGNED)
        moment = clock.now()
        refused = recommendation.verdict == Outcome.REFUSED
        move(
            application,
            ApplicationStatus.DECIDED,
            by=by,
            outcome=recommendation.verdict,
            decided_at=moment,
            appeal_until=clock.today() + timedelta(days=APPEAL_DAYS) if refused else None,
        )
        if not refused:
            granting.issue_licence(by=by, application=application, recommendation=recommendation)
        write(application, recommendation.verdict, by=by, values=_letter_values(application, recommendation))
        tell("application.decided", by, application, outcome=recommendation.verdict)
        publish("application.decided", application.pk)
    return application


def _letter_values(application: Application, recommendation: Recommendation) -> dict[str, object]:
    return {
        "reasons": recommendation.reason_codes,
        "words": recommendation.words,
        "licence_no": application.licence.licence_no if application.licence is not None else "",
        "appeal_until": application.appeal_until.isoformat() if application.appeal_until else "",
    }


def send_back(*, by: Actor, application_id: int, reason: str) -> Application:
    """The second person does not sign: the recommendation stays, marked, and the case is the officer's again."""
    may(by, Permission.CASE_COUNTERSIGN)
    words = words_given(reason, 2_000)
    with transaction.atomic():
        application = in_office(by, application_id)
        recommendation = _waiting(application, by)
        recommendation.rejection = words
        _sign(recommendation, by, Countersignature.REJECTED)
        move(application, ApplicationStatus.IN_REVIEW, by=by, cause="sent_back")
        tell("application.sent_back", by, application)
    return application


def _waiting(application: Application, by: Actor) -> Recommendation:
    _nobody_of(application, by)
    recommendation = application.recommendations.filter(countersignature=Countersignature.WAITING).first()
    if recommendation is None or application.status != ApplicationStatus.RECOMMENDED:
        raise Refused("nothing_recommended", _("Nothing waits here for a countersignature."))
    if recommendation.by_id == by.user_id:
        raise Refused(
            "same_person", _("You recommended this yourself. Another person must sign it."), status=403
        )
    return recommendation


def _sign(recommendation: Recommendation, by: Actor, state: str) -> None:
    recommendation.countersignature = state
    recommendation.countersigned_by, recommendation.countersigned_at = by.user, clock.now()
    recommendation.save(
        update_fields=["countersignature", "countersigned_by", "countersigned_at", "rejection"]
    )
