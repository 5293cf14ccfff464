"""Users, organisations, and which role a user holds where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ROLES, Kind
from portal.core.fields import MonthField
from portal.core.words import said_here


class User(AbstractUser):
    """A person. Signs in with user name or e-mail address, and a second factor where the role asks for it."""

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(
        _("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    email_asked = models.EmailField(
        blank=True, default="", db_default=""
    )  # a new address that its owner has not proven yet

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        indexes = [  # whoever signs in is looked up by either, however it is spelt
            models.Index(Upper("username"), name="user_username_spelt"),
            models.Index(Upper("email"), name="user_email_spelt"),
        ]

    @property
    def label(self) -> str:
        """How colleagues know this person."""
        return self.get_full_name() or self.username


class Activity(models.TextChoices):
    """What an enterprise does; codes of the data dictionary."""

    MINE = "mine", _("Mining")
    SEPARATOR = "separator", _("Separation")
    METAL = "metal", _("Metal making")
    ALLOY = "alloy", _("Alloy making")
    MAGNET = "magnet", _("Magnet making")
    ASSEMBLER = "assembler", _("Assembly")
    RECYCLER = "recycler", _("Recycling")
    TRADER = "trader", _("Trade")
    EXPORTER = "exporter", _("Export")


class OrganisationState(models.TextChoices):
    APPLIED = "applied", _("waiting for approval")
    ACTIVE = "active", _("active")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")


REAL = ~Q(organisation__kind=Kind.SANDBOX)
"""Of rows that belong to organisations, those that are no sandbox's: every reader of the whole nation asks for it."""


class Organisation(models.Model):
    """An enterprise, the regulator's office or customs; the owner of filings, products and counterparties.

    An enterprise may have a sandbox: an organisation of its own kind that owes nothing, holds nobody's memberships and is
    acted for by tokens that were made so.
    """

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ENTERPRISE)
    state = models.CharField(max_length=10, choices=OrganisationState, default=OrganisationState.ACTIVE)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True, default="")
    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="")
    activities = models.CharField(
        _("activities"), max_length=200, blank=True, default=""
    )  # `;`-list of codes
    province = models.CharField(_("province"), max_length=60, blank=True, default="")
    reports_from = MonthField(_("first month due"), null=True, blank=True)
    reports_until = MonthField(_("last month due"), null=True, blank=True)
    capacity_g_year = models.BigIntegerField(_("yearly output capacity"), null=True, blank=True)
    capacity_decimals = models.PositiveSmallIntegerField(default=0)
    separate_signer = models.BooleanField(_("preparer and certifier must be two people"), default=True)
    calendar_key = models.CharField(
        max_length=43, unique=True, null=True
    )  # the secret part of the calendar feed's address
    sandbox_of = models.OneToOneField("self", models.CASCADE, null=True, related_name="sandbox")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.SANDBOX, sandbox_of__isnull=False, uscc=None)
                | (~Q(kind=Kind.SANDBOX) & Q(sandbox_of=None)),
                name="organisation_sandbox_paired",
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=False) | ~Q(kind=Kind.ENTERPRISE),
                name="organisation_enterprise_has_uscc",
            ),
            models.CheckConstraint(condition=~Q(name_zh="") | ~Q(name_en=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(reports_from=None)
                | Q(reports_until=None)
                | Q(reports_until__gte=F("reports_from")),
                name="organisation_reports_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language where there is one."""
        return said_here(self.name_en, self.name_zh)

    @property
    def other_name(self) -> str:
        """The name in the other language, where both stand."""
        return next((name for name in (self.name_zh, self.name_en) if name and name != self.name), "")

    @property
    def is_regulator(self) -> bool:
        return self.kind == Kind.REGULATOR

    @property
    def is_enterprise(self) -> bool:
        return self.kind == Kind.ENTERPRISE

    @property
    def is_sandbox(self) -> bool:
        return self.kind == Kind.SANDBOX

    @property
    def code(self) -> str:
        """The unified social credit code by which its filings name it; of a sandbox that of its enterprise."""
        owner = self if self.sandbox_of is None else self.sandbox_of
        return owner.uscc or ""

    @property
    def is_active(self) -> bool:
        return self.state == OrganisationState.ACTIVE

    @property
    def activity_names(self) -> list[str]:
        """The activities in words; a code that is none of the dictionary's stays as it is."""
        return [str(Activity(code).label) if code in Activity else code for code in self.activity_codes]

    @property
    def activity_codes(self) -> list[str]:
        return [code for code in self.activities.split(";") if code]


class Membership(models.Model):
    """One role that a user holds in an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(role.code, role.name) for role in ROLES.values()])
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.organisation_id}"


class Invitation(models.Model):
    """A colleague asked to join; the link works once and expires."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = models.CharField(max_length=200)  # `;`-list of role codes
    token_digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token in the link
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation_id}"

    @property
    def role_codes(self) -> list[str]:
        return self.roles.split(";")


class EnrolmentState(models.TextChoices):
    ASKED = "asked", _("waiting for a decision")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class Enrolment(models.Model):
    """An organisation's request to join, made by the person who will administer it, decided by the regulator."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="enrolments")
    applicant = models.ForeignKey(User, models.CASCADE, related_name="enrolments")
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=EnrolmentState, default=EnrolmentState.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="enrolment_decision_paired",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state="asked"), name="enrolment_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"enrolment of {self.organisation_id}"


class RecoveryState(models.TextChoices):
    ASKED = "asked", _("waiting for a first administrator")
    SECONDED = "seconded", _("waiting for a second administrator")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


OPEN_RECOVERY = (RecoveryState.ASKED, RecoveryState.SECONDED)


class Recovery(models.Model):
    """A lost second factor: taken away only when two different administrators agree, neither of them the person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recoveries")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RecoveryState, default=RecoveryState.ASKED)
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by=None) | Q(second_by=None) | ~Q(first_by=F("second_by")),
                name="recovery_two_administrators",
            ),
            models.CheckConstraint(
                condition=(Q(first_by=None) | ~Q(first_by=F("user")))
                & (Q(second_by=None) | ~Q(second_by=F("user"))),
                name="recovery_not_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"recovery for {self.user_id}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state in OPEN_RECOVERY


class ApiToken(models.Model):
    """By this a company's software calls the API as one person of it. Only the SHA-256 of the token is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)  # what it is used for
    beginning = models.CharField(max_length=12)  # how it begins: by this it is told from others
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=300)  # `;`-list of permission codes
    sandbox = models.BooleanField(default=False, db_default=False)  # acts in the organisation's sandbox
    form_key = models.CharField(max_length=32, unique=True, null=True)  # one form makes one token
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_after_it_was_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.beginning}… of {self.user_id}"

    @property
    def scope_codes(self) -> list[str]:
        return self.scopes.split(";")


class Throttle(models.Model):
    """How often something was tried that may be tried so often only. ``key`` is a digest: no name is kept here."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    until = models.DateTimeField(null=True)  # refused until then
    forgotten_at = models.DateTimeField(db_index=True)  # from then on it counts no more

    def __str__(self) -> str:
        return f"{self.tries} tries of {self.key[:8]}…"
