"""Mail that is owed, files that people handed in, questions and their answers, messages to organisations' own systems."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.fields import MonthField


class Message(models.Model):
    """One mail to one person, kept as template and values; words are made when it is sent, in the reader's language.

    ``key`` makes a message unique (a reminder of one month to one person goes once).
    """

    template = models.CharField(max_length=60)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(blank=True, default="")  # where the reader has no account yet (an invitation)
    language = models.CharField(max_length=10, default="en")
    values = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True
    )  # not tried before; set by a sender that takes the message in hand
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at=None), name="message_owed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(address=""), name="message_has_a_reader"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.key}"


class Document(models.Model):
    """A file as it was handed in, under a name the server made; its digest proves that it is the same file."""

    organisation_id = models.BigIntegerField(db_index=True)
    stored_as = models.CharField(max_length=80, unique=True)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.stored_as


class QuestionState(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Question(models.Model):
    """What the regulator asks an organisation about one thing (a filing, later an application), at a line or whole."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="questions")
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    period = MonthField(null=True)  # the reporting month that the subject is about, where it has one
    line_no = models.IntegerField(null=True)
    finding_id = models.BigIntegerField(null=True)
    check_code = models.CharField(max_length=6, blank=True, default="", db_default="")  # the finding's check
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["asked_by", "state"]),
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["due_on", "id"], name="question_by_day"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} on {self.subject_type} {self.subject_id}"


class Answer(models.Model):
    """One reply in the thread of a question, by either side."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_regulator = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at"], condition=Q(from_regulator=False), name="answer_by_time")]

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.question_id}"


class HookEvent(models.TextChoices):
    """What a system may be told of. Codes are stored and scripted against: never renamed, never reused."""

    FILING_RECEIVED = "filing.received", _("a filing was submitted")
    FILING_ACCEPTED = "filing.accepted", _("a filing was accepted")
    FILING_RETURNED = "filing.returned", _("a filing was returned")
    FINDING_OPENED = "finding.opened", _("findings were opened")
    QUESTION_ASKED = "question.asked", _("the regulator asked a question")


HOOK_TEST = "webhook.test"  # sent when somebody asks for it, whatever was chosen


class Webhook(models.Model):
    """An address of an organisation's own system that is told of what happens. Its secret is kept encrypted."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    events = models.CharField(max_length=200)  # `;`-list of codes
    secret = models.TextField()
    former_secret = models.TextField(blank=True, default="")  # signs too until ``former_until``
    former_until = models.DateTimeField(null=True)
    form_key = models.CharField(max_length=32, unique=True, null=True)  # one form makes one
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    paused_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(
        null=True
    )  # set when a message was given up, empty once one is taken
    disabled_at = models.DateTimeField(null=True)  # by the portal, after failing for long
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(("former_secret", ""), former_until=None)
                | (~Q(("former_secret", "")) & Q(former_until__isnull=False)),
                name="webhook_former_secret_paired",
            )
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk} of {self.organisation_id}"

    @property
    def event_codes(self) -> list[str]:
        return self.events.split(";")

    @property
    def event_names(self) -> list[str]:
        """The events in words."""
        return [str(HookEvent(code).label) for code in self.event_codes if code in HookEvent]

    @property
    def state(self) -> str:
        """``removed``, ``disabled``, ``paused``, ``failing`` or ``active``."""
        moments = {"removed": self.removed_at, "disabled": self.disabled_at, "paused": self.paused_at}
        moments["failing"] = self.failing_since
        return next((state for state, since in moments.items() if since is not None), "active")

    @property
    def sends(self) -> bool:
        """Whether messages leave for it now."""
        return self.removed_at is None and self.disabled_at is None and self.paused_at is None


class HookOutcome(models.TextChoices):
    WAITING = "waiting", _("waiting")
    TAKEN = "taken", _("taken")
    GIVEN_UP = "given_up", _("given up")


class HookMessage(models.Model):
    """One event for one webhook: the very bytes that are sent, how often they were, and what was answered."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="messages")
    event = models.CharField(max_length=30)
    event_id = models.UUIDField()
    body = models.TextField()
    created_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=HookOutcome, default=HookOutcome.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # pushed on by whoever takes it in hand
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    fault = models.CharField(max_length=30, blank=True, default="")  # why the last try failed
    answer = models.CharField(max_length=500, blank=True, default="")  # how its words begin

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="hook_message_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", next_try_at__isnull=False)
                | (~Q(outcome="waiting") & Q(next_try_at=None)),
                name="hook_message_waits_for_a_time",
            ),
        ]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
