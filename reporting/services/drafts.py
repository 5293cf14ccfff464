"""A draft from its beginning to the certifier's desk: begun, handed over, taken back, explained, thrown away."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.core.words import storable
from reporting.models import Explanation, Filing, FilingStatus
from reporting.queries.filings import filing_in_force, open_draft
from reporting.queries.previous import opening_rows
from reporting.services import intake
from reporting.services.checking import faults_of
from reporting.services.draft_lines import apply_ops, remove_blank, replace_lines, reread
from reporting.services.draft_locks import Saved, Stale, hold, hold_draft, mark_saved, require_revision

__all__ = [
    "Saved",
    "Stale",
    "apply_ops",
    "discard",
    "explain",
    "hand_over",
    "remove_blank",
    "replace_lines",
    "reread",
    "start",
    "take_back",
]

EXPLANATION_LONGEST = 2_000


def start(
    *, by: Actor, organisation: Organisation, period: Month, from_last: bool = True, source: str = "form"
) -> Filing:
    """The draft of a month, begun now or before. ``from_last`` offers last month's stock, products and parties.

    A second call gives the same draft. Refused for a month that has not begun, that is not owed, or that was filed.
    """
    _require_startable(by, organisation, period)
    if (begun := open_draft(organisation.pk, period)) is not None:
        return begun
    try:
        with transaction.atomic():
            return _begin(by, organisation, period, from_last, source)
    except IntegrityError:
        begun = open_draft(organisation.pk, period)
        if begun is None:
            raise
        return begun


def _require_startable(by: Actor, organisation: Organisation, period: Month) -> None:
    if not by.may(Permission.FILING_PREPARE) or by.organisation_id not in {None, organisation.pk}:
        raise Refused(
            "not_permitted", _("Only a preparer of the organisation may begin a filing."), status=403
        )
    if period > Month.of(clock.today()):
        raise Refused("not_begun", _("%(period)s has not begun yet."), values={"period": str(period)})
    first, last = organisation.reports_from, organisation.reports_until
    if first is None or period < first or (last is not None and period > last):
        raise Refused("not_owed", _("No filing is owed for %(period)s."), values={"period": str(period)})
    if filing_in_force(organisation.pk, period) is not None:
        raise Refused(
            "already_filed",
            _("%(period)s is filed already. Amend the filing instead."),
            values={"period": str(period)},
        )


def _begin(by: Actor, organisation: Organisation, period: Month, from_last: bool, source: str) -> Filing:
    moment = clock.now()
    earlier = Filing.objects.filter(organisation=organisation, period=period).order_by("-version").first()
    filing = Filing.objects.create(
        organisation=organisation,
        period=period,
        version=1 if earlier is None else earlier.version + 1,
        amendment_reason="" if earlier is None else _reason_after(earlier),
        source=source,
        created_at=moment,
        created_by=by.user,
        saved_at=moment,
    )
    if from_last:
        lines = intake.read(filing, opening_rows(organisation.pk, period))
        intake.add(filing, lines)
        filing.line_count = len(lines)
        filing.save(update_fields=["line_count"])
    data = {"period": str(period), "version": filing.version, "from_last": from_last}
    record("draft.started", by=by, organisation_id=organisation.pk, subject=("filing", filing.pk), data=data)
    return filing


def _reason_after(withdrawn: Filing) -> str:
    """Why there is a further version: the reason of the withdrawal, which a version that was loaded does not have."""
    return withdrawn.decision_reason or gettext("The version before was withdrawn.")


@transaction.atomic
def discard(*, by: Actor, filing_id: int) -> None:
    """The draft and its lines are gone; the files handed in for it stay in the document store."""
    filing = hold_draft(by, filing_id)
    data = {"period": str(filing.period), "version": filing.version, "lines": filing.line_count}
    record("draft.discarded", by=by, subject=("filing", filing.pk), data=data)
    filing.delete()


@transaction.atomic
def hand_over(*, by: Actor, filing_id: int, revision: int) -> Filing:
    """The draft waits for the certifier's signature. Refused without lines, with errors or unexplained warnings."""
    filing = hold(by, filing_id)
    if filing.status == FilingStatus.HANDED_OVER:
        return filing
    require_revision(filing, revision)
    if not filing.line_count:
        raise Refused(
            "no_lines", _("There are no lines yet. If nothing moved in the month, file a nil return.")
        )
    faults = faults_of(filing)
    if errors := sum(fault.severity == "error" for fault in faults):
        raise Refused(
            "errors_open", _("Mend the errors first: %(count)s are open."), values={"count": errors}
        )
    if open_warnings := sum(fault.needs_explanation for fault in faults):
        values = {"count": open_warnings}
        raise Refused(
            "warnings_unexplained", _("Explain the warnings first: %(count)s are open."), values=values
        )
    _forget_settled(filing, {(fault.code, fault.subject) for fault in faults})
    filing.status = FilingStatus.HANDED_OVER
    filing.prepared_by = by.user
    filing.handed_over_at = clock.now()
    mark_saved(filing, line_nos=[])
    record("draft.handed_over", by=by, subject=("filing", filing.pk), data={"lines": filing.line_count})
    return filing


def _forget_settled(filing: Filing, open_faults: set[tuple[str, str]]) -> None:
    """Explanations of warnings that no longer stand are no part of what is signed."""
    kept = Explanation.objects.filter(filing=filing).values_list("pk", "code", "subject")
    gone = [pk for pk, code, subject in kept if (code, subject) not in open_faults]
    Explanation.objects.filter(pk__in=gone).delete()


@transaction.atomic
def take_back(*, by: Actor, filing_id: int) -> Filing:
    """The filing is a draft again. A preparer takes it back; a certifier gives it back."""
    filing = hold(by, filing_id, Permission.FILING_PREPARE, Permission.FILING_SIGN)
    if filing.status == FilingStatus.DRAFT:
        return filing
    filing.status = FilingStatus.DRAFT
    filing.handed_over_at = None
    mark_saved(filing, line_nos=[])
    record("draft.taken_back", by=by, subject=("filing", filing.pk))
    return filing


@transaction.atomic
def explain(*, by: Actor, filing_id: int, code: str, subject: str, text: str) -> Explanation:
    """Why a warning is right as it stands, kept with the filing; a second text takes the first one's place."""
    filing = hold_draft(by, filing_id)
    words = " ".join(storable(text).split())
    if not words:
        raise Refused("explanation_empty", _("Write why the figures are right as they stand."), status=422)
    if len(words) > EXPLANATION_LONGEST:
        values = {"limit": EXPLANATION_LONGEST}
        raise Refused(
            "explanation_long",
            _("Keep the explanation under %(limit)s characters."),
            values=values,
            status=422,
        )
    asked = {(fault.code, fault.subject) for fault in faults_of(filing) if fault.severity == "warning"}
    if (code, subject) not in asked:
        raise Refused(
            "nothing_to_explain", _("This warning is no longer open: the lines have changed meanwhile.")
        )
    explanation, _made = Explanation.objects.update_or_create(
        filing=filing, code=code, subject=subject, defaults={"text": words, "by": by.user, "at": clock.now()}
    )
    record("draft.explained", by=by, subject=("filing", filing.pk), data={"code": code, "subject": subject})
    return explanation
