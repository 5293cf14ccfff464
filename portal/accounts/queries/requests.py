"""Reading what is asked for: enrolments, invitations, recoveries, new addresses; and the tokens of their links."""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from portal.accounts.models import OPEN_RECOVERY, Enrolment, Invitation, Organisation, Recovery, User
from portal.core import clock, fence

_ADDRESS_SALT = "portal.accounts.address"
ADDRESS_VALID_SECONDS = 86_400


def enrolments(state: str = "") -> QuerySet[Enrolment]:
    """Requests to take part, the longest waiting first; all states where none is named."""
    rows = Enrolment.objects.select_related("organisation", "applicant", "decided_by")
    return rows.filter(state=state).order_by("asked_at", "pk") if state else rows.order_by("-asked_at", "-pk")


def decided_enrolments() -> QuerySet[Enrolment]:
    """Requests to take part that were decided, the latest decision first."""
    return enrolments().exclude(decided_at=None).order_by("-decided_at", "-pk")


def enrolment(enrolment_id: int) -> Enrolment | None:
    """One request to take part."""
    return enrolments().filter(pk=enrolment_id).first()


def recoveries(*, waiting: bool | None = None) -> QuerySet[Recovery]:
    """Requests about lost second factors, newest first: those that wait, those decided, or all."""
    rows = Recovery.objects.select_related("user", "first_by", "second_by").order_by("-asked_at", "-pk")
    if waiting is None:
        return rows
    return rows.filter(state__in=OPEN_RECOVERY) if waiting else rows.exclude(state__in=OPEN_RECOVERY)


def recovery(recovery_id: int) -> Recovery | None:
    """One request about a lost second factor."""
    return recoveries().filter(pk=recovery_id).first()


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    rows = Invitation.objects.filter(organisation=organisation, accepted_at=None, revoked_at=None)
    return rows.filter(expires_at__gt=clock.now()).select_related("invited_by").order_by("-created_at")


def invitation_token(invitation: Invitation) -> str:
    """The token of an invitation's link, 256 bits. It is made from the portal's key and stored nowhere."""
    tokens = [_token(invitation, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return next((token for token in tokens if _digest(token) == invitation.token_digest), tokens[0])


def _token(invitation: Invitation, key: str) -> str:
    about = f"{invitation.pk}:{invitation.email}:{invitation.created_at.timestamp():.6f}"
    digest = salted_hmac("portal.accounts.invitation", about, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@fence.lifted(reason="who holds the link is no member yet; the link names one invitation")
def open_invitation(token: str) -> Invitation | None:
    """The invitation that the link opens, where it was neither used nor revoked and has not expired."""
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(
        token_digest=_digest(token),
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=clock.now(),
        organisation__state="active",
    ).first()


def address_token(user: User) -> str:
    """The token of the link that proves a new address; dead once the address is another."""
    return signing.dumps([user.pk, user.email_asked], salt=_ADDRESS_SALT)


def address_from(token: str) -> tuple[int, str]:
    """Whose new address the link proves, and which. Raises BadSignature where it is forged or older than a day."""
    user_id, address = signing.loads(token, salt=_ADDRESS_SALT, max_age=ADDRESS_VALID_SECONDS)
    return int(user_id), str(address)
