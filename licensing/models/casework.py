"""What the office does with an application: requests, advice, screening, recommendations, letters."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models.applications import Application, ApplicationLine, ApplicationParty, Outcome
from licensing.models.licences import Licence
from portal.accounts.models import Organisation
from portal.registry.models import WatchEntry

PERSON = settings.AUTH_USER_MODEL


class RequestState(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class InformationRequest(models.Model):
    """What the office needs to know, about a line or the whole; while it is open the clock stands still."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="requests")
    line = models.ForeignKey(ApplicationLine, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"request {self.pk} of {self.application_id}"


class RequestMessage(models.Model):
    """One reply in the thread of a request, by either side."""

    request = models.ForeignKey(InformationRequest, models.CASCADE, related_name="messages")
    text = models.TextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_office = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"message {self.pk} of request {self.request_id}"


class Position(models.TextChoices):
    FAVOURABLE = "favourable", _("favourable")
    CONDITIONAL = "conditional", _("favourable under conditions")
    ADVERSE = "adverse", _("adverse")


class Advice(models.Model):
    """What an officer thinks of one good or one party. A later one by the same person takes its place."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="advice")
    line = models.ForeignKey(ApplicationLine, models.CASCADE, null=True, related_name="advice")
    party = models.ForeignKey(ApplicationParty, models.CASCADE, null=True, related_name="advice")
    position = models.CharField(_("advice"), max_length=12, choices=Position)
    text = models.TextField(_("words"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, party=None) | Q(line=None, party__isnull=False),
                name="advice_on_a_good_or_a_party",
            )
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"advice {self.pk} on {self.application_id}"


class Screening(models.Model):
    """Every party held against the watch lists once: when, why, and against how many entries."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="screenings")
    cause = models.CharField(max_length=16)  # submission, decision, list_changed (or a party)
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of the entries and the names that were held against them
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.cause}"


class HitState(models.TextChoices):
    OPEN = "open", _("to look at")
    CLEARED = "cleared", _("somebody else")
    CONFIRMED = "confirmed", _("the same party")


class ScreeningHit(models.Model):
    """A party looks like an entry: how much and why; whether it is the same is a person's to say."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="hits")
    party = models.ForeignKey(ApplicationParty, models.CASCADE, related_name="hits")
    entry = models.ForeignKey(WatchEntry, models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, models.CASCADE, related_name="hits")
    score = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=20)  # a reason of portal.registry.domain.similarity
    name = models.CharField(max_length=300)  # the entry's name that is alike
    country = models.CharField(max_length=8)  # same, other, unknown
    state = models.CharField(max_length=10, choices=HitState, default=HitState.OPEN)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "entry"], name="screening_hit_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="screening_hit_decided_with_a_reason",
            ),
        ]
        ordering = ["-score", "pk"]

    def __str__(self) -> str:
        return f"{self.party_id} like {self.entry_id}"


class RefusalReason(models.TextChoices):
    """Why a licence is refused; codes are stored and told to the applicant with words."""

    END_USE = "end_use", _("The end use is not shown, or not lawful")
    END_USER = "end_user", _("The end user is not shown, or not reliable")
    LISTED = "listed", _("A party is on a control list")
    BANNED = "banned", _("The export is banned by an instrument in force")
    MILITARY = "military", _("It would serve a military user or raise military capability")
    DIVERSION = "diversion", _("The goods are likely to be passed on to somebody else")
    UNTRUE = "untrue", _("What was said or handed in is not true")
    UNANSWERED = "unanswered", _("A request was not answered")
    SECURITY = "security", _("National security and interests")


class Countersignature(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SIGNED = "signed", _("signed")
    REJECTED = "rejected", _("sent back")


class Recommendation(models.Model):
    """What a case officer recommends, and what the second person made of it. Sent back, it stays, marked."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recommendations")
    verdict = models.CharField(_("recommendation"), max_length=8, choices=Outcome)
    reasons = models.CharField(max_length=200, blank=True, default="")  # `;`-list of RefusalReason
    words = models.TextField(_("words to the applicant"), blank=True, default="")
    months = models.PositiveSmallIntegerField(null=True)
    max_uses = models.PositiveIntegerField(null=True)
    tolerance_pct = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    customs_office = models.CharField(max_length=100, blank=True, default="")
    transport_mode = models.CharField(max_length=20, blank=True, default="")
    no_split = models.BooleanField(default=False)
    quantities = models.JSONField(default=dict)  # line_no -> grams, where less than was asked for
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    countersignature = models.CharField(
        max_length=10, choices=Countersignature, default=Countersignature.WAITING
    )
    countersigned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True)
    rejection = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | ~Q(countersigned_by=F("by")),
                name="recommendation_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(countersignature="waiting", countersigned_by=None, countersigned_at=None)
                | (
                    ~Q(countersignature="waiting")
                    & Q(countersigned_by__isnull=False, countersigned_at__isnull=False)
                ),
                name="recommendation_countersigned_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(countersignature="rejected") | ~Q(rejection=""),
                name="recommendation_rejected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="refused") | ~Q(reasons=""), name="recommendation_refusal_has_reasons"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(countersignature__in=["waiting", "signed"]),
                name="recommendation_one_stands",
            ),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verdict}"

    @property
    def reason_codes(self) -> list[str]:
        return [code for code in self.reasons.split(";") if code]


class LetterKind(models.TextChoices):
    ACCEPTED = "accepted", _("Notice of acceptance")
    REQUESTED = "requested", _("Request for information")
    GRANTED = "granted", _("Decision: licence granted")
    REFUSED = "refused", _("Decision: licence refused")
    SUSPENDED = "suspended", _("Notice of suspension")
    LIFTED = "lifted", _("Notice that a suspension is lifted")
    REVOKED = "revoked", _("Decision: licence revoked")


class Letter(models.Model):
    """An official letter: what it is about and when it was written. Its PDF is made from the rows it names."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # to whom it is written
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="letters")
    licence = models.ForeignKey(Licence, models.CASCADE, null=True, related_name="letters")
    request = models.ForeignKey(InformationRequest, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=LetterKind)
    number = models.CharField(max_length=40, unique=True)
    values = models.JSONField(default=dict)  # codes and words that were true when it was written
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(licence__isnull=False),
                name="letter_is_about_something",
            )
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.number


class EvidenceLink(models.Model):
    """An address by which a foreign end user gives evidence to the office alone; works once and expires."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="evidence_links")
    party = models.ForeignKey(ApplicationParty, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True, default="")  # what the end user wrote, for the office alone

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"evidence for {self.application_id}"
