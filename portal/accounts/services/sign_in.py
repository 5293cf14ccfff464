"""What signing in, and changing how one signs in, leaves behind: the trail, a mail, the language."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.queries import actor_of
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.events import publish

# What a person is told of by mail, so that a stranger's doing is noticed.
TOLD = frozenset(
    {
        "account.password_changed",
        "account.password_reset",
        "account.second_factor_added",
        "account.second_factor_removed",
        "account.passkey_added",
        "account.passkey_removed",
        "account.passwords_guessed",
        "account.codes_guessed",
        "account.recovery_code_used",
        "account.recovery_codes_made",
        "account.address_changed",
    }
)


def note(*, by: Actor, verb: str) -> None:
    """The trail holds what a person did to their own account; what a stranger could have done is told by mail too."""
    with transaction.atomic():
        event = record(verb, by=by, subject=("user", by.user_id))
        if verb in TOLD:
            publish("account.secured", event.pk)


def note_stranger(*, person: User, verb: str) -> None:
    """The trail holds, and a mail tells the person, what somebody unknown tried at their account."""
    with transaction.atomic():
        owner = actor_of(person).organisation_id
        stranger = Actor(name="stranger")
        event = record(verb, by=stranger, organisation_id=owner, subject=("user", person.pk))
        publish("account.secured", event.pk)


def signed_in(*, by: Actor, language: str | None) -> None:
    """The person is in; a language chosen on the way becomes the account's."""
    with transaction.atomic():
        if language and language != by.user.language:
            User.objects.filter(pk=by.user.pk).update(language=language)
            by.user.language = language
        record("account.signed_in", by=by, subject=("user", by.user_id))


def codes_in_turn(*, user: User) -> None:
    """Until the transaction ends no other request looks at the person's codes: sent twice at once, one serves once."""
    list(Authenticator.objects.select_for_update().filter(user=user).order_by("pk"))


def renew_session(*, session: SessionBase) -> None:
    """The session goes on under another number, in the list of sessions too: who knew the old one knows nothing."""
    with transaction.atomic():
        before = session.session_key
        session.cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=session.session_key)


def password_replaced(*, by: Actor, verb: str, keep: str | None) -> None:
    """A new password holds, and every session but ``keep`` is over."""
    with transaction.atomic():
        note(by=by, verb=verb)
        end_sessions(by=by, user=by.user, keep=keep)


def ask_password_reset(*, user: User) -> None:
    """A mail with a link to choose a new password is owed to the person."""
    with transaction.atomic():
        event = record("account.password_reset_asked", by=actor_of(user), subject=("user", user.pk))
        publish("password_reset.asked", event.pk)


def end_session(*, by: Actor, session_id: int) -> bool:
    """One of the person's own sessions is over; False where it was none of theirs or had ended."""
    with transaction.atomic():
        session = UserSession.objects.filter(pk=session_id, user_id=by.user.pk).first()
        if session is None:
            return False
        session.end()
        record("account.session_ended", by=by, subject=("user", by.user_id))
    return True


def end_sessions(*, by: Actor, user: User, keep: str | None = None) -> int:
    """Every session of the person is over, but the one with the key ``keep``; how many were ended."""
    with transaction.atomic():
        sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
        for session in sessions:
            session.end()
        if sessions:
            record("account.sessions_ended", by=by, subject=("user", user.pk), data={"count": len(sessions)})
    return len(sessions)
