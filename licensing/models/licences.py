"""Export licences and their lines: what an exporter may ship, to whom, until when, and how much of it is left."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing import states
from portal.accounts.models import Organisation


class LicenceStatus(models.TextChoices):
    VALID = states.LicenceState.VALID.value, _("valid")
    SUSPENDED = states.LicenceState.SUSPENDED.value, _("suspended")
    REVOKED = states.LicenceState.REVOKED.value, _("revoked")
    SURRENDERED = states.LicenceState.SURRENDERED.value, _("surrendered")
    EXHAUSTED = states.LicenceState.EXHAUSTED.value, _("exhausted")
    EXPIRED = states.LicenceState.EXPIRED.value, _("expired")


class LicenceKind(models.TextChoices):
    INDIVIDUAL = "individual", _("individual")
    GENERAL = "general", _("general")


class Licence(models.Model):
    """One export licence of one exporter. Parties and destinations of a general licence are `;`-lists."""

    licence_no = models.CharField(_("licence number"), max_length=60, unique=True)
    exporter = models.ForeignKey(Organisation, models.PROTECT, related_name="licences")
    kind = models.CharField(_("kind"), max_length=10, choices=LicenceKind)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("expires on"))  # the last day on which it holds
    status = models.CharField(
        _("status"), max_length=12, choices=LicenceStatus, default=LicenceStatus.VALID
    )  # today's; a past export is judged by the dates below
    suspended_from = models.DateField(null=True)  # the first day on which it does not hold
    suspended_until = models.DateField(
        null=True
    )  # the last day on which it does not hold; empty = until lifted
    earlier_suspensions = models.JSONField(
        default=list, db_default=[]
    )  # [first, last] days of those before the latest, so that a past day is judged as it was
    revoked_on = models.DateField(null=True)  # from this day on it does not hold
    surrendered_on = models.DateField(null=True)  # the same; unknown of licences that came by bulk load
    max_uses = models.PositiveIntegerField(_("allowed uses"), null=True)  # distinct declarations; empty = any
    tolerance_pct = models.DecimalField(_("tolerance, %"), max_digits=5, decimal_places=2, default=0)
    consignee_name = models.TextField(_("consignee"), blank=True, default="")
    consignee_id = models.TextField(blank=True, default="")  # TYPE:NUMBER
    end_user_name = models.TextField(_("end user"), blank=True, default="")
    end_user_id = models.TextField(blank=True, default="")
    destination = models.CharField(_("destination"), max_length=800, blank=True, default="")
    customs_office = models.CharField(_("customs office"), max_length=100, blank=True, default="")
    transport_mode = models.CharField(_("transport"), max_length=20, blank=True, default="")
    no_split = models.BooleanField(_("no part shipments"), default=False)
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="successor"
    )  # the licence that this one replaces, whose drawdown it carries
    screened = models.CharField(
        max_length=64, blank=True, default="", db_default=""
    )  # digest of the entries and names by which its parties were screened last, where nobody applied for it here
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("issued_on")), name="licence_days_in_order"),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="licence_status_known"),
            models.CheckConstraint(
                condition=Q(suspended_until=None) | Q(suspended_from__isnull=False),
                name="licence_suspension_has_a_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="revoked") | Q(revoked_on__isnull=False), name="licence_revoked_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(status="suspended") | Q(suspended_from__isnull=False),
                name="licence_suspended_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_pct__gte=0) & Q(tolerance_pct__lte=100),
                name="licence_tolerance_a_share",
            ),
        ]
        indexes = [models.Index(fields=["exporter", "status"]), models.Index(fields=["status", "expires_on"])]

    def __str__(self) -> str:
        return self.licence_no

    @property
    def suspensions_before(self) -> tuple[tuple[date, date], ...]:
        """First and last days of the suspensions that were over before the latest."""
        return tuple(
            (date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.earlier_suspensions
        )

    def keep_suspension(self, first: date | None, last: date | None) -> None:
        """The latest suspension, where it is over and is not the one that now begins, is kept among the earlier ones."""
        before, until = self.suspended_from, self.suspended_until
        if before is not None and until is not None and (first, last) != (before, until) and first != before:
            self.earlier_suspensions = [*self.earlier_suspensions, [before.isoformat(), until.isoformat()]]

    @property
    def destinations(self) -> list[str]:
        """Countries (alpha-2) that the goods may go to."""
        return [code for code in self.destination.split(";") if code]


class LicenceLine(models.Model):
    """One kind of goods on a licence, and its accounts in grams.

    ``authorised_g`` is what the licence grants (with its tolerance ``ceiling_g`` is what may leave), ``reserved_g`` is
    promised to shipments not declared yet, ``drawn_g`` has left, ``carried_g`` went over to the licence that replaces
    this one. The ledger's movements add up to them, ``moves`` is how many there are.
    """

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    control_codes = models.CharField(_("control codes"), max_length=400, blank=True, default="")  # `;`-list
    hs_code = models.CharField(_("HS code"), max_length=10, blank=True, default="")
    description = models.TextField(_("goods"), blank=True, default="")
    quantity_dp = models.SmallIntegerField(default=3)  # decimals with which the quantity was stated
    authorised_g = models.BigIntegerField()
    ceiling_g = models.BigIntegerField()
    reserved_g = models.BigIntegerField(default=0)
    drawn_g = models.BigIntegerField(default=0)
    carried_g = models.BigIntegerField(default=0, db_default=0)
    moves = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "line_no"], name="licence_line_once"),
            models.CheckConstraint(
                condition=Q(authorised_g__gte=0)
                & Q(reserved_g__gte=0)
                & Q(drawn_g__gte=0)
                & Q(carried_g__gte=0),
                name="licence_line_never_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_g__gte=F("authorised_g")), name="licence_line_ceiling_covers_authorised"
            ),
            models.CheckConstraint(
                condition=Q(ceiling_g__gte=F("reserved_g") + F("drawn_g") + F("carried_g")),
                name="licence_line_never_overdrawn",
            ),
        ]
        ordering = ["licence_id", "line_no"]

    def __str__(self) -> str:
        return f"{self.licence_id}/{self.line_no}"

    @property
    def codes(self) -> list[str]:
        """The control codes that it covers."""
        return [code for code in self.control_codes.split(";") if code]

    @property
    def balance_g(self) -> int:
        """What may still be reserved or drawn, in grams."""
        return self.ceiling_g - self.reserved_g - self.drawn_g - self.carried_g
