"""Applications for a licence: what is to be exported, to whom, what for, with which papers, and what happened to each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing import states
from licensing.models.licences import Licence, LicenceKind
from portal.accounts.models import Organisation
from portal.contact.models import Document
from portal.registry.models import Counterparty, IdentifierType, Product, ProductDetails

PERSON = settings.AUTH_USER_MODEL


class ApplicationStatus(models.TextChoices):
    DRAFT = states.ApplicationState.DRAFT.value, _("draft")
    SUBMITTED = states.ApplicationState.SUBMITTED.value, _("submitted")
    ACCEPTED = states.ApplicationState.ACCEPTED.value, _("accepted for processing")
    IN_REVIEW = states.ApplicationState.IN_REVIEW.value, _("in review")
    REQUESTED = states.ApplicationState.REQUESTED.value, _("information requested")
    RECOMMENDED = states.ApplicationState.RECOMMENDED.value, _("recommended")
    DECIDED = states.ApplicationState.DECIDED.value, _("decided")
    WITHDRAWN = states.ApplicationState.WITHDRAWN.value, _("withdrawn")
    CLOSED = states.ApplicationState.CLOSED.value, _("closed")


class Purpose(models.TextChoices):
    NEW = "new", _("new licence")
    RENEWAL = "renewal", _("renewal")
    AMENDMENT = "amendment", _("amendment")


class Outcome(models.TextChoices):
    GRANTED = states.Outcome.GRANTED.value, _("granted")
    REFUSED = states.Outcome.REFUSED.value, _("refused")


class Transport(models.TextChoices):
    SEA = "sea", _("sea")
    AIR = "air", _("air")
    RAIL = "rail", _("rail")
    ROAD = "road", _("road")
    POST = "post", _("post or courier")


class Undertaking(models.TextChoices):
    """What the certifier undertakes for the organisation when submitting."""

    TRUE = "true", _("What is said here and in the papers is true and complete.")
    END_USE = "end_use", _("The goods serve the end use named here and no other.")
    NO_TRANSFER = "no_transfer", _("They are not passed on to anybody else without the office's consent.")
    NO_WEAPONS = "no_weapons", _("They serve no weapons of mass destruction and no means to deliver them.")
    RECORDS = "records", _("Contracts, papers and records are kept for five years and shown when asked for.")


class Application(models.Model):
    """One application of one organisation. Once submitted, its content changes by answers to requests alone."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="licence_applications")
    number = models.CharField(
        _("number"), max_length=30, unique=True, null=True
    )  # given when it is submitted
    status = models.CharField(
        _("state"), max_length=24, choices=ApplicationStatus, default=ApplicationStatus.DRAFT
    )
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=LicenceKind, default=LicenceKind.INDIVIDUAL)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.NEW)
    about = models.ForeignKey(
        Licence, models.PROTECT, null=True, related_name="applications"
    )  # the licence that is renewed or amended
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True, default="")  # of a renewal or an amendment
    end_use = models.TextField(_("end use"), blank=True, default="")
    destination = models.CharField(_("country of final destination"), max_length=2, blank=True, default="")
    contract_no = models.CharField(_("contract number"), max_length=60, blank=True, default="")
    contract_on = models.DateField(_("date of the contract"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("months of validity"), null=True, blank=True
    )  # how long it should hold
    max_uses = models.PositiveIntegerField(_("allowed uses"), null=True, blank=True)
    customs_office = models.CharField(_("customs office"), max_length=100, blank=True, default="")
    transport_mode = models.CharField(
        _("transport"), max_length=20, choices=Transport, blank=True, default=""
    )
    no_split = models.BooleanField(_("no part shipments"), default=False)
    undertakings = models.CharField(max_length=200, blank=True, default="")  # `;`-list, given when submitted
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    list_version = models.PositiveIntegerField(
        null=True
    )  # of the control list by which its goods were judged
    decided_at = models.DateTimeField(null=True)
    appeal_until = models.DateField(_("appeal until"), null=True)
    queue = models.CharField(max_length=30, blank=True, default="")  # where routing has put it
    officer = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")  # who holds the case
    licence = models.OneToOneField(
        Licence, models.PROTECT, null=True, related_name="granted_by"
    )  # what was issued on it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="application_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", number=None, submitted_at=None)
                | (~Q(status="draft") & Q(number__isnull=False, submitted_at__isnull=False)),
                name="application_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="") & Q(decided_at=None))
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="application_outcome_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | Q(outcome__in=Outcome.values),
                name="application_decided_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(purpose="new", about=None) | (~Q(purpose="new") & Q(about__isnull=False)),
                name="application_purpose_has_its_licence",
            ),
            models.CheckConstraint(
                condition=Q(licence=None) | Q(outcome="granted"), name="application_licence_was_granted"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status"]),
            models.Index(fields=["status", "queue"]),
            models.Index(fields=["decided_at"]),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == ApplicationStatus.DRAFT

    @property
    def is_live(self) -> bool:
        """Whether the office has it and has not decided."""
        return self.status in states.LIVE_APPLICATIONS


class ApplicationLine(ProductDetails):
    """One good: the catalogue's product as it is while drafted, as it was once submitted, with its verdict."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="lines")
    line_no = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity_g = models.BigIntegerField(null=True)
    quantity_dp = models.SmallIntegerField(default=3)
    value_fen = models.BigIntegerField(null=True)
    value_dp = models.SmallIntegerField(default=2)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    verdict = models.CharField(max_length=20, blank=True, default="")
    control_codes = models.CharField(_("control codes"), max_length=400, blank=True, default="")  # `;`-list
    reasoning = models.JSONField(default=dict)  # the classification as it was answered

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "line_no"], name="application_line_once"),
            models.CheckConstraint(
                condition=Q(quantity_g=None) | Q(quantity_g__gt=0), name="application_line_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(value_fen=None) | Q(value_fen__gte=0), name="application_line_value_not_below"
            ),
        ]
        ordering = ["application_id", "line_no"]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.line_no}"

    @property
    def codes(self) -> list[str]:
        return [code for code in self.control_codes.split(";") if code]


class PartyRole(models.TextChoices):
    CONSIGNEE = "consignee", _("consignee")
    END_USER = "end_user", _("end user")
    INTERMEDIATE = "intermediate", _("intermediate")


class ApplicationParty(models.Model):
    """Somebody abroad whom the goods reach or pass."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="parties")
    role = models.CharField(_("role"), max_length=12, choices=PartyRole)
    counterparty = models.ForeignKey(Counterparty, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("legal name"), max_length=300)
    name_local = models.CharField(_("name in the local script"), max_length=300, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    id_type = models.CharField(
        _("kind of identity number"), max_length=5, choices=IdentifierType, blank=True, default=""
    )
    id_number = models.CharField(_("identity number"), max_length=60, blank=True, default="")
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=PartyRole.values), name="application_party_role_known"
            )
        ]
        ordering = ["application_id", "role", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.role}"

    @property
    def identity(self) -> str:
        """``TYPE:NUMBER`` as a licence writes it."""
        return f"{self.id_type or 'OTHER'}:{self.id_number}" if self.id_number else ""


class PaperKind(models.TextChoices):
    CONTRACT = "contract", _("contract")
    TECHNICAL = "technical_description", _("technical description")
    TEST_REPORT = "test_report", _("test report")
    END_USER_CERTIFICATE = "end_user_certificate", _("end-user and end-use certificate")
    INTRODUCTION = "introduction", _("introduction of importer and end user")
    IDENTITY = "identity", _("identity of representative and handler")
    OTHER = "other", _("other")


class ApplicationPaper(models.Model):
    """A file handed in with an application, or as an answer to a request; sealed where the end user sent it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="papers")
    kind = models.CharField(_("kind of paper"), max_length=24, choices=PaperKind)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    scan = models.CharField(max_length=12, default="not_scanned")  # not_scanned, clean
    sealed = models.BooleanField(default=False)  # for the office alone
    request = models.ForeignKey("InformationRequest", models.PROTECT, null=True, related_name="papers")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PaperKind.values), name="application_paper_kind_known"
            )
        ]
        ordering = ["application_id", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"


class ApplicationEvent(models.Model):
    """Something that happened to a case: a move from state to state, or what stops its clock. Never changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=24)  # a state reached; stopped or resumed for the clock
    key = models.CharField(max_length=40, blank=True, default="")  # pairs stopped with resumed
    cause = models.CharField(max_length=24, blank=True, default="")
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.what}"
