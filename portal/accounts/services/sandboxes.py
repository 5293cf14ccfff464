"""Opening an enterprise's sandbox: its double, in which nothing is real."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from portal.accounts.models import Organisation, OrganisationState
from portal.accounts.roles import Kind
from portal.audit.services import record
from portal.core import fence
from portal.core.actors import Actor
from portal.core.events import publish

ALIKE: Final = (
    "activities",
    "province",
    "reports_from",
    "reports_until",
    "capacity_g_year",
    "capacity_decimals",
    "separate_signer",
)


@fence.lifted(reason="a sandbox is another organisation, opened by who may make tokens in its enterprise")
def open_sandbox(*, by: Actor, organisation: Organisation) -> Organisation:
    """The enterprise's sandbox owes the same months by the same rules as the enterprise does today; its registers follow.

    Part of the caller's transaction. Called again it is brought up to date; what was filed in it stays.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        values = {name: getattr(organisation, name) for name in ALIKE} | {
            "kind": Kind.SANDBOX,
            "state": OrganisationState.ACTIVE,
            "name_en": f"{organisation.name_en or organisation.name_zh} (sandbox)"[-200:],
            "name_zh": f"{organisation.name_zh or organisation.name_en}（沙箱）"[-200:],
        }
        sandbox, made = Organisation.objects.update_or_create(sandbox_of=organisation, defaults=values)
        if made:
            record(
                "sandbox.opened", by=by, organisation_id=organisation.pk, subject=("organisation", sandbox.pk)
            )
        publish("sandbox.opened", sandbox.pk)
    return sandbox
