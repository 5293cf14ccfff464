"""A case goes to its queue by the rules in force; which rule under which list acted is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from licensing.domain.routing import outcome
from licensing.models import Application, Queue, Routing
from licensing.queries.case_facts import facts_of
from licensing.queries.cases import officers
from licensing.queries.routing_rules import all_rules
from licensing.services import flags
from licensing.services.moves import in_office, may, tell
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission


def route_application(application: Application, *, by: Actor) -> None:
    """The case lies in the queue of the first rule that fits, its flags raised. Part of the caller's transaction."""
    _flag(application)
    made = outcome(facts_of(application), all_rules(), clock.today())
    for rule in made.raised:
        flags.raise_flag(application, rule.flag, rule=rule.code)
    application.queue = made.queue
    application.save(update_fields=["queue"])
    Routing.objects.create(
        application=application,
        queue=application.queue,
        rule=made.rule.code if made.rule is not None else "",
        rule_version=made.rule.version if made.rule is not None else None,
        list_version=application.list_version,
        at=clock.now(),
    )


def _flag(application: Application) -> None:
    lines = list(application.lines.all())
    if any(line.verdict == "assay_required" for line in lines):
        flags.raise_flag(application, "assay_missing", rule="verdict")
    if lines and all(line.verdict == "not_controlled" for line in lines):
        flags.raise_flag(application, "not_controlled", rule="verdict")
    if any(
        entry["status"] != "in_force" and entry["applies"] == "yes"
        for line in lines
        for entry in line.reasoning.get("entries", [])
    ):
        flags.raise_flag(application, "suspended_list", rule="verdict")


def assign(*, by: Actor, application_id: int, officer_id: int | None) -> Application:
    """The case is this officer's (nobody's for None); the change is a row of its routing."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application = in_office(by, application_id)
        person = next((one for one in officers() if one.pk == officer_id), None)
        if officer_id is not None and person is None:
            raise Refused("not_an_officer", _("Only a case officer can be given a case."))
        if application.officer_id == officer_id:
            return application
        application.officer = person
        application.save(update_fields=["officer"])
        _put(application, by)
        tell("application.assigned", by, application, to=officer_id)
    return application


def send_to(*, by: Actor, application_id: int, queue: str) -> Application:
    """The case lies in another queue, by a person's hand."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application = in_office(by, application_id)
        if not Queue.objects.filter(pk=queue).exists():
            raise Refused("unknown_code", _("There is no such queue."), status=422)
        if application.queue == queue:
            return application
        application.queue = queue
        application.save(update_fields=["queue"])
        _put(application, by)
        tell("application.routed", by, application, queue=queue)
    return application


def _put(application: Application, by: Actor) -> None:
    Routing.objects.create(
        application=application,
        queue=application.queue,
        officer=application.officer,
        list_version=application.list_version,
        at=clock.now(),
        by=by.user,
    )
