"""Filings, their lines, the explanations kept with them, and the files they came by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import REAL, Organisation
from portal.contact.models import Document
from portal.core.fields import MonthField
from portal.registry.models import Counterparty, Product
from reporting import states


class FilingStatus(models.TextChoices):
    DRAFT = states.FilingStatus.DRAFT.value, _("draft")
    HANDED_OVER = states.FilingStatus.HANDED_OVER.value, _("waiting for signature")
    SUBMITTED = states.FilingStatus.SUBMITTED.value, _("submitted")
    ACCEPTED = states.FilingStatus.ACCEPTED.value, _("accepted")
    RETURNED = states.FilingStatus.RETURNED.value, _("returned")
    WITHDRAWN = states.FilingStatus.WITHDRAWN.value, _("withdrawn")


class FilingQuerySet(models.QuerySet["Filing"]):
    def filed(self) -> FilingQuerySet:
        """Versions that were submitted and not withdrawn."""
        return self.filter(status__in=sorted(states.FILED_STATUSES))

    def real(self) -> FilingQuerySet:
        """What no sandbox holds: all that the regulator, a sweep, an export or a verification may see."""
        return self.filter(REAL)

    def open(self) -> FilingQuerySet:
        """Versions still being worked on."""
        return self.filter(status__in=sorted(states.OPEN_STATUSES))

    def in_force(self) -> FilingQuerySet:
        """The highest filed version of each organisation and month."""
        return self.filed().filter(~models.Exists(newer_than()))


def newer_than(prefix: str = "") -> models.QuerySet[Filing]:
    """The filed versions above the one at hand; ``prefix`` leads from the outer query's rows to their filing."""
    amendments = Filing.objects.filed().filter(version__gt=1)  # few of all: they have an index of their own
    return amendments.filter(
        organisation_id=models.OuterRef(f"{prefix}organisation_id"),
        period=models.OuterRef(f"{prefix}period"),
        version__gt=models.OuterRef(f"{prefix}version"),
    )


class Filing(models.Model):
    """One version of one organisation's report of one month. Once submitted, its content never changes."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="filings")
    period = MonthField(_("reporting month"))
    version = models.PositiveIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=12, choices=FilingStatus, default=FilingStatus.DRAFT)
    nil = models.BooleanField(_("nothing to report"), default=False)
    amendment_reason = models.TextField(_("reason of the amendment"), blank=True, default="")
    source = models.CharField(
        max_length=10, default="form"
    )  # form, file, paste, api, load: the door it came by
    revision = models.PositiveIntegerField(default=0)  # counts changes of a draft; a stale tab is told
    line_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_time = models.BooleanField(
        null=True
    )  # judged by the first version not withdrawn; an amendment keeps it
    sha256 = models.CharField(max_length=64, blank=True, default="")
    receipt_no = models.CharField(max_length=30, unique=True, null=True)
    review_started_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True, default="")

    objects = FilingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "period", "version"], name="filing_version_once"),
            models.UniqueConstraint(
                fields=["organisation", "period"],
                condition=Q(status__in=["draft", "handed_over"]),
                name="filing_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "handed_over"], submitted_at=None)
                | (~Q(status__in=["draft", "handed_over"]) & Q(submitted_at__isnull=False)),
                name="filing_submitted_has_time",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="filing_version_positive"),
            models.CheckConstraint(condition=Q(status__in=FilingStatus.values), name="filing_status_known"),
        ]
        indexes = [
            models.Index(fields=["period", "status"]),
            models.Index(fields=["status", "submitted_at"]),
            models.Index(fields=["submitted_at", "id"], name="filing_by_time"),
            models.Index(
                fields=["organisation", "period"], condition=Q(version__gt=1), name="filing_amendments"
            ),
            models.Index(fields=["sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.period} v{self.version}"

    @property
    def is_open(self) -> bool:
        return self.status in states.OPEN_STATUSES

    @property
    def is_filed(self) -> bool:
        return self.status in states.FILED_STATUSES


class Kind(models.IntegerChoices):
    """What a line says happened; in and out as the data dictionary orders them."""

    OPENING = 1, _("opening stock")
    PRODUCED = 2, _("produced")
    PURCHASED = 3, _("purchased")
    IMPORTED = 4, _("imported")
    RETURNED_IN = 5, _("returned by a client")
    TOLLED_IN = 6, _("tolling, received")
    GAINED = 7, _("gained at a count")
    CONSUMED = 8, _("consumed")
    SOLD = 9, _("sold")
    EXPORTED = 10, _("exported")
    RETURNED_OUT = 11, _("returned to a supplier")
    TOLLED_OUT = 12, _("tolling, sent out")
    LOST = 13, _("lost")
    CLOSING = 14, _("closing stock")

    @property
    def code(self) -> str:
        """The dictionary's word for it."""
        return self.name.lower()

    @classmethod
    def of_code(cls, code: str) -> Kind:
        """The kind of a dictionary word; KeyError for any other."""
        return cls[code.upper()]


class Line(models.Model):
    """One movement of one product. What could not be read stays in ``unread`` as it was typed, column by column."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, related_name="lines", db_index=False
    )  # line_no_once serves
    line_no = models.IntegerField()
    kind = models.SmallIntegerField(choices=Kind, null=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")
    quantity_g = models.BigIntegerField(null=True)
    quantity_dp = models.SmallIntegerField(null=True)
    value_fen = models.BigIntegerField(null=True)
    value_dp = models.SmallIntegerField(null=True)
    counterparty = models.ForeignKey(Counterparty, models.PROTECT, null=True, related_name="+")
    destination = models.CharField(max_length=2, blank=True, default="")
    licence_no = models.CharField(max_length=60, blank=True, default="")
    declaration_no = models.CharField(max_length=60, blank=True, default="")
    invoice_no = models.CharField(max_length=60, blank=True, default="")
    licence_line_no = models.IntegerField(null=True)
    date = models.DateField(null=True)
    batch = models.CharField(max_length=100, blank=True, default="")
    from_batches = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    unread = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "line_no"], name="line_no_once"),
            models.CheckConstraint(
                condition=Q(quantity_g=None, quantity_dp=None)
                | Q(quantity_g__isnull=False, quantity_dp__isnull=False),
                name="line_quantity_paired",
            ),
            models.CheckConstraint(
                condition=Q(value_fen=None, value_dp=None)
                | Q(value_fen__isnull=False, value_dp__isnull=False),
                name="line_value_paired",
            ),
        ]
        indexes = [models.Index(fields=["batch"], condition=~Q(batch=""), name="line_of_lot")]

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.line_no}"


class Explanation(models.Model):
    """Why a warning is right as it stands, said by the producer and kept with the filing."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="explanations")
    code = models.CharField(max_length=6)
    subject = models.CharField(max_length=120)  # the finding's stable subject key within the filing
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "code", "subject"], name="explanation_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.code}"


class Upload(models.Model):
    """A file handed in for a draft: what was read, what could not be, and how it compares with the upload before."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="uploads")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="queued")  # queued, read, refused
    lines = models.PositiveIntegerField(default=0)
    refusal = models.JSONField(default=dict)  # why the whole file was refused: code and values
    faults = models.JSONField(
        default=list
    )  # [{code, sheet, row, column, cell, values, key}] as found in the file
    compared = models.JSONField(default=dict)  # {"new": n, "open": n, "mended": n} against the upload before

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"upload {self.pk} for filing {self.filing_id}"
