"""Mail that is owed, files that people handed in, questions and their answers."""

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

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.question_id}"
