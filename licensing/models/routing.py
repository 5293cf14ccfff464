"""Where a case goes and what is to be looked at in it: queues, rules with their versions, routings, flags."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models.applications import Application
from portal.core.words import said_here

PERSON = settings.AUTH_USER_MODEL


class FlagCode(models.TextChoices):
    WATCH_LIST = "watch_list", _("A party looks like one on a watch list")
    END_USE_BAN = "end_use_ban", _("A ban by end use may apply")
    ASSAY_MISSING = "assay_missing", _("An assay that decides is missing")
    NOT_CONTROLLED = "not_controlled", _("Nothing in it is controlled")
    NO_GENERAL = "no_general", _("No general licence may be given to a party")
    SUSPENDED_LIST = "suspended_list", _("A suspended instrument would control it")
    CLOSER_LOOK = "closer_look", _("A rule asks for a closer look")
    LIST_CHANGED = "list_changed", _("The list now judges a good otherwise than at submission")


class Queue(models.Model):
    """A pile of cases that one group of officers works through."""

    code = models.CharField(max_length=30, primary_key=True)
    name_en = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return said_here(self.name_en, self.name_zh)


class RoutingRule(models.Model):
    """One version of a rule: into which queue a case goes, or which flag is raised on it. ``wants``: fact -> values.

    Of the rules with a queue the first in force that fits acts; of those with a flag each that fits. A version never
    changes and is never deleted: only its last day is set. One that was taken back before its first day ends before it.
    """

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="rules", null=True, blank=True)
    flag = models.CharField(max_length=20, choices=FlagCode, blank=True, default="", db_default="")
    wants = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", db_default="")
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(F("code"), F("version"), name="routing_rule_version_once"),
            models.CheckConstraint(
                condition=Q(queue__isnull=False, flag="") | (Q(queue=None) & ~Q(flag="")),
                name="routing_rule_queues_or_flags",
            ),
        ]
        ordering = ["position", "code", "version"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Routing(models.Model):
    """One decision where a case goes: by which rule, under which control list, or by whom. Never changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="routings")
    queue = models.CharField(max_length=30, blank=True, default="")
    officer = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=30, blank=True, default="")
    rule_version = models.PositiveSmallIntegerField(null=True)
    list_version = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} to {self.queue}"


class Flag(models.Model):
    """Something to look at, raised by a rule and lowered by a person with a reason; the history is its rows."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="flags")
    code = models.CharField(max_length=20, choices=FlagCode)
    rule = models.CharField(max_length=30)
    list_version = models.PositiveIntegerField(null=True)
    raised_at = models.DateTimeField()
    lowered_at = models.DateTimeField(null=True)
    lowered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code"], condition=Q(lowered_at=None), name="flag_raised_once"
            ),
            models.CheckConstraint(
                condition=Q(lowered_at=None) | ~Q(reason=""), name="flag_lowered_with_a_reason"
            ),
        ]
        ordering = ["raised_at", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.code}"
