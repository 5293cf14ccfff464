"""Tokens of the API: made and shown once, used, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import ApiToken
from portal.accounts.queries import has_second_factor
from portal.accounts.queries.tokens import digest_of, offered_scopes
from portal.accounts.scopes import SIGNING, in_order, longest_days
from portal.accounts.services.sandboxes import open_sandbox
from portal.audit.services import record
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission

PREFIX: Final = "ls_"
SHOWN: Final = len(PREFIX) + 6  # how much of a token is kept to tell it from others
MOST: Final = 20  # tokens of one person that work at a time
USED_EVERY: Final = timedelta(minutes=1)  # how exactly the last use is known


def create(
    *,
    by: Actor,
    owner: Actor,
    name: str,
    scopes: Collection[str],
    days: int,
    form_key: str | None = None,
    sandbox: bool = False,
) -> tuple[ApiToken, str]:
    """A token of the person ``owner`` in the organisation acted for, and the secret, which nobody can show again.

    One for the sandbox acts there alone; the sandbox is opened, or brought up to date with the organisation.
    Refused for scopes that the roles do not hold, for signing without a second factor, for too long a life.
    """
    given = in_order(scopes, _may_have(owner, scopes, days))
    secret = PREFIX + secrets.token_urlsafe(32)
    moment = clock.now()
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                user=owner.user,
                organisation=owner.organisation,
                name=name,
                beginning=secret[:SHOWN],
                digest=digest_of(secret),
                scopes=";".join(given),
                sandbox=sandbox,
                form_key=form_key,
                created_at=moment,
                expires_at=moment + timedelta(days=days),
            )
            if sandbox:
                open_sandbox(by=by, organisation=owner.organisation)
            _tell("token.made", by, token, days=days)
    except IntegrityError as error:
        raise Refused(
            "token_made",
            _(
                "This token was made already, and its secret was shown then. Revoke it if you did not keep it."
            ),
        ) from error
    return token, secret


def _may_have(owner: Actor, scopes: Collection[str], days: int) -> set[str]:
    """The scopes that the person could have. Refused for what no token of theirs may be given."""
    offered = {scope.code for scope in offered_scopes(owner)}
    unknown = sorted(set(scopes) - offered)
    if unknown or not offered:
        values = {"scopes": ", ".join(unknown) or "–"}
        raise Refused(
            "scope_not_held", _("Your roles do not include: %(scopes)s."), values=values, status=422
        )
    if SIGNING & set(scopes) and not has_second_factor(owner.user):
        raise Refused(
            "second_factor_missing",
            _("A token that signs asks for a second factor. Set up an authenticator app or a passkey first."),
            status=422,
        )
    longest = longest_days(scopes)
    if not 1 <= days <= longest:
        raise Refused(
            "too_long", _("Such a token lives for 1 to %(days)s days."), values={"days": longest}, status=422
        )
    alive = Q(revoked_at=None, expires_at__gt=clock.now())
    if ApiToken.objects.filter(alive, user=owner.user).count() >= MOST:
        raise Refused(
            "too_many_tokens", _("You have %(most)s tokens. Revoke one first."), values={"most": MOST}
        )
    return {str(code) for code in offered}


def revoke(*, by: Actor, token_id: int) -> ApiToken:
    """The token works no more, from the next call on. One's own, or a colleague's for who manages members."""
    with transaction.atomic():
        rows = ApiToken.objects.select_for_update(of=("self",)).filter(
            organisation_id=by.organisation_id or 0
        )
        if not by.may(Permission.MEMBERS_MANAGE):
            rows = rows.filter(user_id=by.user_id or 0)
        token = rows.filter(pk=token_id).first()
        if token is None:
            raise Http404
        if token.revoked_at is None:
            token.revoked_at, token.revoked_by = clock.now(), by.user
            token.save(update_fields=["revoked_at", "revoked_by"])
            _tell("token.revoked", by, token)
    return token


def used(*, token: ApiToken) -> None:
    """The time of the last use is known, to the minute."""
    moment = clock.now()
    if token.last_used_at is None or moment - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)


def _tell(verb: str, by: Actor, token: ApiToken, **data: int) -> None:
    about = {"token": token.beginning, "person": token.user.label, "scopes": token.scope_codes, **data}
    if token.sandbox:
        about["sandbox"] = True
    record(verb, by=by, organisation_id=token.organisation_id, subject=("token", token.pk), data=about)
