"""The calendar feed of an organisation: its due days as an iCalendar text."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.templatetags.lodestone import month
from reporting.domain.ical import Entry, calendar_text
from reporting.queries.obligations import Duty, last_day, last_month_ended, obligations_of

MONTHS_BACK, MONTHS_AHEAD = 12, 12


def feed_of(organisation: Organisation) -> str:
    """The organisation's due days as an iCalendar text, in the active language. No trade data is in it."""
    now = clock.now()
    last = last_month_ended(now)
    duties = obligations_of(organisation, now, first=last - MONTHS_BACK, last=last + MONTHS_AHEAD)
    name = _("Lodestone: %(organisation)s") % {"organisation": organisation.name}
    product = f"-//Lodestone//Due days//{(get_language() or 'en')[:2].upper()}"
    return calendar_text(name=name, product=product, entries=[_entry(organisation, duty) for duty in duties])


def _entry(organisation: Organisation, duty: Duty) -> Entry:
    values = {"month": month(duty.period)}
    done = duty.submitted_at is not None
    summary = _("Filed: %(month)s") % values if done else _("File %(month)s by 24:00 Beijing time") % values
    return Entry(
        uid=f"{organisation.pk}-{duty.period}@lodestone",
        day=last_day(duty.due_at),
        summary=summary,
        description=duty.rule,
        url=settings.PUBLIC_URL + reverse("home"),
        stamp=clock.now(),
        done=done,
    )
