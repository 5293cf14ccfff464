"""Doing for a test what relay and worker do: the tasks that are owed, then the mail that is owed."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage

import portal.contact.tasks  # noqa: F401 - registers its tasks
from portal.contact.services.mail import send_owed
from portal.core import durable
from portal.core.models import Outbox


def perform_owed(prefix: str = "portal.contact.") -> None:
    """Perform every owed task whose name begins so."""
    for row in Outbox.objects.filter(done_at=None, task__startswith=prefix).order_by("pk"):
        durable.perform(row.pk)


def deliver() -> list[EmailMessage]:
    """Everything that is owed is sent; the letters sent now."""
    before = len(mail.outbox)
    perform_owed()
    send_owed()
    return mail.outbox[before:]
