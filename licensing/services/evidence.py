"""A link by which a foreign end user gives evidence to the office alone: signed, for one purpose, once, until a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.models import ApplicationStatus, EvidenceLink, PaperKind
from licensing.queries.evidence import SALT, link_of
from licensing.services import papers
from licensing.services.moves import in_office, may, tell, words_given
from portal.core import clock, fence
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission

DAYS = 30
END_USER = Actor.system("end user")


def make_link(*, by: Actor, application_id: int, party_id: int) -> tuple[EvidenceLink, str]:
    """A link for one party of a case, and its secret, which stands nowhere: it is shown this once."""
    may(by, Permission.CASE_HANDLE)
    with transaction.atomic():
        application = in_office(by, application_id)
        party = application.parties.filter(pk=party_id).first()
        if party is None:
            raise Http404
        if application.status not in {
            ApplicationStatus.ACCEPTED,
            ApplicationStatus.IN_REVIEW,
            ApplicationStatus.REQUESTED,
        }:
            raise Refused("not_in_review", _("Take the case into review first, then ask."))
        moment = clock.now()
        link = EvidenceLink.objects.create(
            application=application,
            party=party,
            made_by=by.user,
            made_at=moment,
            expires_at=moment + timedelta(days=DAYS),
        )
        tell("application.evidence_asked", by, application, party=party.pk)
    return link, signing.dumps(link.pk, salt=SALT)


@fence.lifted(reason="an end user abroad has no account; what the signed link brings goes to its case alone")
def give(*, secret: str, statement: str, files: Sequence[tuple[str, bytes]]) -> EvidenceLink:
    """The office has the end user's statement and papers, sealed from the exporter; the link works no more."""
    words = words_given(statement, 10_000)
    with transaction.atomic():
        found = link_of(secret)
        link = (
            EvidenceLink.objects.select_for_update(of=("self",))
            .select_related("application")
            .get(pk=found.pk)
        )
        if link.used_at is not None:
            raise Http404
        for name, data in files:
            papers.keep(
                by=END_USER,
                application=link.application,
                kind=PaperKind.OTHER,
                name=name,
                data=data,
                sealed=True,
            )
        link.statement, link.used_at = words, clock.now()
        link.save(update_fields=["statement", "used_at"])
        tell("application.evidence_given", END_USER, link.application, papers=len(files))
    return link
