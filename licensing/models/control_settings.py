"""What the operator sets beside the letter of the list, each setting dated and tagged: contents, regime, customs codes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import contents
from licensing.models.control import HS_CODE, Evidence, GoodsForm, ListVersion
from portal.core.words import said_here

MICRO_PER_CENT = contents.MICRO  # contents are whole millionths of a per cent: comparisons are exact


class ThresholdRole(models.TextChoices):
    THRESHOLD = "threshold", _("content from which an element counts")
    DEFINITION = "definition", _("share of the rare earths from which an element defines the alloy")
    OBSERVATION = "observation", _("content that was penalised; decides nothing")


class AfterSuspension(models.TextChoices):
    """What holds after a suspension's last day, as long as nothing later is known."""

    SUSPENDED = "suspended_unconfirmed", _("suspended, unconfirmed")
    IN_FORCE = "in_force", _("in force again")


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name=name
    )


class Threshold(models.Model):
    """One content setting for a form of goods. ``elements`` is a `;`-list; empty = each element of the list."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="thresholds")
    role = models.CharField(_("what it says"), max_length=12, choices=ThresholdRole)
    form = models.CharField(_("form"), max_length=12, choices=GoodsForm)
    family = models.CharField(_("family"), max_length=10, blank=True, default="")
    elements = models.CharField(_("elements"), max_length=60, blank=True, default="")
    combined = models.BooleanField(_("taken together"), default=False)
    content_upct = models.BigIntegerField()  # millionths of a per cent
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    tag_en = models.CharField(_("tag (English)"), max_length=100)
    tag_zh = models.CharField(_("tag (Chinese)"), max_length=100)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    evidence = models.CharField(_("evidence"), max_length=12, choices=Evidence, default=Evidence.SEEN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ThresholdRole.values), name="threshold_role_known"),
            models.CheckConstraint(
                condition=Q(content_upct__gte=0) & Q(content_upct__lte=100 * MICRO_PER_CENT),
                name="threshold_a_per_cent",
            ),
            _in_order("threshold_days_in_order"),
        ]
        ordering = ["role", "form", "family", "elements", "content_upct", "valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.role} {self.form} {self.content_upct}"

    @property
    def percent_text(self) -> str:
        return contents.per_cent(self.content_upct)

    @property
    def tag(self) -> str:
        return said_here(self.tag_en, self.tag_zh)


class Regime(models.Model):
    """How a suspension's end is read, from a day on."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="regimes")
    valid_from = models.DateField(_("valid from"))
    last_day_inclusive = models.BooleanField(_("the last day still counts as suspended"), default=True)
    after = models.CharField(_("after the last day"), max_length=25, choices=AfterSuspension)
    note_en = models.CharField(_("note (English)"), max_length=300, blank=True, default="")
    note_zh = models.CharField(_("note (Chinese)"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "valid_from"], name="regime_once"),
            models.CheckConstraint(condition=Q(after__in=AfterSuspension.values), name="regime_after_known"),
        ]
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.after}"

    @property
    def note(self) -> str:
        return said_here(self.note_en, self.note_zh)


class CustomsMeaning(models.Model):
    """What a customs code says of goods: a declared code can contradict the goods, it never clears them."""

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="customs_meanings")
    hs_code = models.CharField(_("HS code"), max_length=10, validators=[HS_CODE])  # or its beginning
    form = models.CharField(_("form"), max_length=12, choices=GoodsForm, blank=True, default="")
    elements = models.CharField(_("elements"), max_length=60, blank=True, default="")
    rare_earth = models.BooleanField(_("rare earth"), default=True)
    name_en = models.CharField(_("words (English)"), max_length=300)
    name_zh = models.CharField(_("words (Chinese)"), max_length=300)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "hs_code"], name="customs_meaning_once"),
            _in_order("customs_meaning_days_in_order"),
        ]
        ordering = ["hs_code"]

    def __str__(self) -> str:
        return self.hs_code

    @property
    def name(self) -> str:
        return said_here(self.name_en, self.name_zh)
