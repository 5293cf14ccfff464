"""Official letters, and the mail that says that something stands on the portal. A letter once written stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from licensing.models import Application, InformationRequest, Letter, Licence
from portal.accounts.models import Organisation
from portal.accounts.queries import people_with
from portal.contact.services import mail
from portal.core import clock
from portal.core.actors import Actor


def write(
    application: Application,
    kind: str,
    *,
    by: Actor,
    request: InformationRequest | None = None,
    values: Mapping[str, Any] | None = None,
) -> Letter:
    """A letter about a case stands with it; part of the caller's transaction."""
    before = application.letters.count()
    return Letter.objects.create(
        organisation_id=application.organisation_id,
        application=application,
        request=request,
        kind=kind,
        number=f"{application.number}/{before + 1}",
        values=dict(values or {}),
        at=clock.now(),
        by=by.user,
    )


def write_about_licence(licence: Licence, kind: str, *, by: Actor, values: Mapping[str, Any]) -> Letter:
    """A letter about a licence stands with it; part of the caller's transaction."""
    before = Letter.objects.filter(licence=licence).count()
    return Letter.objects.create(
        organisation_id=licence.exporter_id,
        licence=licence,
        kind=kind,
        number=f"{licence.licence_no}/{before + 1}",
        values=dict(values),
        at=clock.now(),
        by=by.user,
    )


def tell_applicant(organisation: Organisation, template: str, values: Mapping[str, Any], key: str) -> None:
    """Everybody who prepares or signs for the organisation is owed the mail, once for the key."""
    with transaction.atomic():
        for reader in people_with(organisation, "preparer", "certifier"):
            mail.send(template=template, to=reader, values=values, key=f"{key}:{reader.pk}")
