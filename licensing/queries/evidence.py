"""Links for end users: whether one still works, and what came by them."""

from __future__ import annotations

from django.core import signing
from django.http import Http404

from licensing.models import EvidenceLink
from portal.core import clock, fence

SALT = "licensing.evidence"


@fence.lifted(reason="an end user abroad has no account; the signed link names one case, and no more is told")
def link_of(secret: str) -> EvidenceLink:
    """The link that this secret opens, while it may be used; Http404 for any other, without saying which."""
    try:
        number = signing.loads(secret, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    rows = EvidenceLink.objects.select_related("application__organisation", "party")
    link = rows.filter(pk=number, used_at=None, expires_at__gt=clock.now()).first()
    if link is None or not link.application.is_live:
        raise Http404
    return link
