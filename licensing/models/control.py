"""The control list: its versions, the instruments of law in each, their suspensions, entries and reference codes.

Every row belongs to one version. A published version never changes, the database refuses it; a change is a new version.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing import states
from portal.core.words import said_here

HS_CODE = RegexValidator(r"^(\d{4}|\d{6}|\d{8}|\d{10})$", _("Write 4, 6, 8 or 10 digits."))
CONTROL_CODE = RegexValidator(
    r"^\d[A-E]\d{3}(\.[a-z0-9]{1,3})*$", _("Write the code as the announcement does, for example 1C905.a.4.")
)


class ListState(models.TextChoices):
    DRAFT = states.ListState.DRAFT.value, _("draft")
    PUBLISHED = states.ListState.PUBLISHED.value, _("published")
    DISCARDED = states.ListState.DISCARDED.value, _("discarded")


class InstrumentKind(models.TextChoices):
    LIST = "list", _("control list")
    TECHNOLOGY = "technology", _("technology")
    END_USE_BAN = "end_use_ban", _("ban by end use")
    ENTITY_LIST = "entity_list", _("list of entities")
    SUSPENSION = "suspension", _("suspension")


class GoodsForm(models.TextChoices):
    """What an entry is about; the first nine are also forms of goods that can be classified."""

    METAL = "metal", _("metal")
    ALLOY = "alloy", _("alloy")
    TARGET = "target", _("target")
    MAGNET = "magnet", _("magnet")
    OXIDE = "oxide", _("oxide")
    COMPOUND = "compound", _("compound")
    CONCENTRATE = "concentrate", _("concentrate")
    ASSEMBLY = "assembly", _("assembly")
    SCRAP = "scrap", _("scrap")
    EQUIPMENT = "equipment", _("equipment")
    REAGENT = "reagent", _("reagent")
    TECHNOLOGY = "technology", _("technology")


class Evidence(models.TextChoices):
    """How well the words of a row are evidenced."""

    SEEN = "seen", _("seen in a source")
    RECALLED = "recalled", _("recalled, not seen")
    THIRD_PARTY = "third-party", _("from a third party's list")
    INFERRED = "inferred", _("inferred")


class ListVersion(models.Model):
    """One version of the whole list. The published one with the highest number is in force."""

    number = models.PositiveIntegerField(_("version"), unique=True, null=True)  # given when it is published
    state = models.CharField(_("state"), max_length=10, choices=ListState, default=ListState.DRAFT)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="drafts")
    note = models.TextField(_("note"), blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")  # of all its rows, once published
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_id = models.BigIntegerField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListState.values), name="list_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state="published",
                    number__isnull=False,
                    published_at__isnull=False,
                    note__gt="",
                    sha256__gt="",
                )
                | (~Q(state="published") & Q(number=None, published_at=None)),
                name="list_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="discarded", discarded_at__isnull=False)
                | (~Q(state="discarded") & Q(discarded_at=None)),
                name="list_discarded_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.pk} {self.state}"

    @property
    def is_draft(self) -> bool:
        return self.state == ListState.DRAFT


class Instrument(models.Model):
    """An announcement or other act: when it was published, took effect, was repealed."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="instruments")
    code = models.CharField(_("instrument"), max_length=80)
    cited_zh = models.CharField(_("how Chinese texts cite it"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=InstrumentKind)
    published_on = models.DateField(_("published on"))
    effective_on = models.DateField(_("effective from"))
    repealed_on = models.DateField(_("repealed from"), null=True, blank=True)
    name_en = models.CharField(_("title (English)"), max_length=300)
    name_zh = models.CharField(_("title (Chinese)"), max_length=300)
    words_en = models.TextField(_("content (English)"), blank=True, default="")
    words_zh = models.TextField(_("content (Chinese)"), blank=True, default="")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    evidence = models.CharField(_("evidence"), max_length=12, choices=Evidence, default=Evidence.SEEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="instrument_once"),
            models.CheckConstraint(condition=Q(kind__in=InstrumentKind.values), name="instrument_kind_known"),
            models.CheckConstraint(
                condition=Q(effective_on__gte=F("published_on")), name="instrument_published_first"
            ),
            models.CheckConstraint(
                condition=Q(repealed_on=None) | Q(repealed_on__gt=F("effective_on")),
                name="instrument_repealed_last",
            ),
        ]
        ordering = ["published_on", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return said_here(self.name_en, self.name_zh)

    @property
    def words(self) -> str:
        return said_here(self.words_en, self.words_zh)

    @property
    def cited(self) -> str:
        return said_here(self.code, self.cited_zh)


class Suspension(models.Model):
    """An instrument does not bind from a day on, until a day or until further notice."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="suspensions")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="suspensions")
    by = models.ForeignKey(Instrument, models.PROTECT, related_name="suspends")
    from_on = models.DateField(_("suspended from"))
    until_on = models.DateField(_("suspended until"), null=True, blank=True)  # as the act writes it
    # that it ended on that day and the instrument binds again is known, and not merely read off the calendar
    end_confirmed = models.BooleanField(_("end confirmed"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "instrument", "from_on"], name="suspension_once"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="suspension_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(end_confirmed=False) | Q(until_on__isnull=False), name="suspension_end_has_a_day"
            ),
        ]
        ordering = ["from_on", "instrument_id"]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.from_on}"


class Entry(models.Model):
    """One entry of the list. ``partners``, ``levels`` are `;`-lists; an empty element means any rare earth."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="entries")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="entries")
    control_code = models.CharField(_("control code"), max_length=30, validators=[CONTROL_CODE])
    element = models.CharField(_("element"), max_length=2, blank=True, default="")
    form = models.CharField(_("form"), max_length=12, choices=GoodsForm)
    family = models.CharField(_("family"), max_length=10, blank=True, default="")
    partners = models.CharField(_("partners of the alloy"), max_length=60, blank=True, default="")
    levels = models.CharField(_("processing levels"), max_length=60, blank=True, default="")
    name_en = models.CharField(_("words (English)"), max_length=300)
    name_zh = models.CharField(_("words (Chinese)"), max_length=300)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    evidence = models.CharField(_("evidence"), max_length=12, choices=Evidence)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)  # empty = as its instrument
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # the last day

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "control_code"], name="list_entry_once"),
            models.CheckConstraint(condition=Q(form__in=GoodsForm.values), name="list_entry_form_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="list_entry_days_in_order",
            ),
        ]
        ordering = ["control_code"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return self.control_code

    @property
    def name(self) -> str:
        return said_here(self.name_en, self.name_zh)


class ReferenceCode(models.Model):
    """A customs code that the list gives with an entry, for reference: it never decides."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="reference_codes")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="reference_codes")
    hs_code = models.CharField(_("HS code"), max_length=10, validators=[HS_CODE])
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "hs_code"], name="reference_code_once")]
        ordering = ["hs_code"]

    def __str__(self) -> str:
        return self.hs_code
