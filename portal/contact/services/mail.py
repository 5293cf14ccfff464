"""Mail: promised as a row in the caller's transaction, worded and sent by a worker in the reader's language."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.template import Context, loader
from django.utils import translation

from portal.accounts.models import User
from portal.contact.models import Message
from portal.contact.queries.links import links_of
from portal.core import clock

AT_ONCE = 200
GIVE_UP_AFTER = 10
FIRST_WAIT = timedelta(minutes=2)  # doubled with each attempt; also how long a killed sender keeps a message
WIDTH = 76
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Letter:
    """A mail in words: one line of subject, a text."""

    subject: str
    text: str


def send(
    *,
    template: str,
    to: User | None,
    address: str = "",
    language: str | None = None,
    values: Mapping[str, Any],
    key: str,
) -> None:
    """A mail is owed, once for each ``key``; part of the caller's transaction.

    It is worded when it is sent: ``templates/emails/<template>.txt``, the subject before the first empty line, in the
    reader's language. ``values`` are codes and numbers as JSON holds them, never a client's name or a secret.
    Links are made in the template: ``{{ site }}{% url … %}``.
    """
    spoken = language or (to.language if to is not None else settings.LANGUAGE_CODE)
    message = Message(
        template=template,
        recipient=to,
        address=address,
        language=spoken,
        values=dict(values),
        key=key,
        created_at=clock.now(),
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def compose(message: Message) -> Letter:
    """The mail in words, in the language its reader has now."""
    reader = message.recipient
    language = reader.language if reader is not None else message.language
    with translation.override(language):
        values = {**message.values, **links_of(message), "site": settings.PUBLIC_URL, "reader": reader}
        template: Any = loader.get_template(f"emails/{message.template}.txt")
        written = template.template.render(Context(values, autoescape=False))
    subject, _, text = re.sub(r"[ \t]+\n", "\n", written).strip().partition("\n\n")
    return Letter(" ".join(subject.split()), _well_set(text))


def _well_set(text: str) -> str:
    """Paragraphs apart by one empty line, lines of at most 76 characters where words can be parted."""
    lines = re.sub(r"\n{3,}", "\n\n", text.strip()).split("\n")
    return "\n".join(_wrapped(line) for line in lines) + "\n"


def _wrapped(line: str) -> str:
    if len(line) <= WIDTH or "://" in line:
        return line
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def send_owed() -> int:
    """Every message that is due has been tried; the number sent. A mail server that is away costs no attempt."""
    moment = clock.now()
    owed = Message.objects.filter(
        Q(due_at=None) | Q(due_at__lte=moment), sent_at=None, attempts__lt=GIVE_UP_AFTER
    )
    messages = list(owed.select_related("recipient").order_by("created_at", "pk")[:AT_ONCE])
    if not messages:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        log.exception("mail_server_unavailable")
        return 0
    try:
        return sum(_try(message, connection) for message in messages)
    finally:
        connection.close()


def _try(message: Message, connection: Any) -> bool:
    """Whether the message was taken in hand and sent; a fault of one leaves the others their turn."""
    if not _claim(message):
        return False
    try:
        _deliver(message, compose(message), connection)
    except Exception:  # whatever is wrong with one message, the next reader waits for theirs
        log.exception("mail_failed", message=message.pk, template=message.template)
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=clock.now())
    return True


def _claim(message: Message) -> bool:
    """Whether this sender, and no other, has the message in hand until its next time."""
    rows = Message.objects.filter(pk=message.pk, sent_at=None, attempts=message.attempts)
    due = clock.now() + FIRST_WAIT * 2**message.attempts
    return bool(rows.update(attempts=F("attempts") + 1, due_at=due))


def _deliver(message: Message, letter: Letter, connection: Any) -> None:
    to = message.address or (message.recipient.email if message.recipient is not None else "")
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    named = hashlib.sha256(message.key.encode()).hexdigest()[
        :32
    ]  # the same at each attempt: readers see it once
    headers = {"Message-ID": f"<{named}@{host}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(letter.subject, letter.text, to=[to], headers=headers, connection=connection).send()
