"""Tags and filters of every page: exact quantities, dates as the reader writes them, badges, icons, sorting.

Filters give plain words (so that they serve inside ``{% blocktranslate %}`` and in mails); tags give HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from portal.core.clock import BEIJING
from portal.core.figures import format_quantity
from portal.core.months import Month
from portal.core.quantities import CNY_PLACES, KG_PLACES
from portal.core.templatetags.badge_words import badge_of
from portal.core.words import said_here

register = template.Library()


# Quantities: held as integers, shown to the last reported decimal, never rounded


@register.filter
def kg(grams: int | None, decimals: int | None = None) -> str:
    """Grams as kilograms with the decimals they were reported with; a dash for none."""
    return "–" if grams is None else format_quantity(grams, KG_PLACES, decimals)


@register.filter
def cny(fen: int | None, decimals: int | None = None) -> str:
    """Fen as yuan with the decimals they were reported with; a dash for none."""
    return "–" if fen is None else format_quantity(fen, CNY_PLACES, decimals)


@register.filter
def figure(value: Any) -> str:
    """A count, thousands grouped as the reader writes them; words stay as they are."""
    return formats.number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


@register.filter
def percent(share: float | None, decimals: int = 1) -> str:
    """A share between 0 and 1 as per cent (a statistic: rounded to ``decimals``)."""
    if share is None:
        return "–"
    return formats.number_format(round(share * 100, decimals), decimals) + "%"


# Dates: 10 May 2026 / 2026年5月10日; where a deadline hangs on the time, with "Beijing time"


def _in_beijing(value: date | datetime) -> date | datetime:
    return value.astimezone(BEIJING) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _written(value: date | datetime, pattern: str) -> str:
    return _in_words(_in_beijing(value), pattern, get_language())


@lru_cache(5_000)  # lists write the same months and days again and again
def _in_words(shown: date | datetime, pattern: str, _language: str) -> str:
    return date_format(shown if isinstance(shown, datetime) else datetime.combine(shown, time()), pattern)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words; of an instant, its day in Beijing."""
    return "–" if value is None else _written(value, "DATE_FORMAT")


@register.filter
def month(value: Month | int | None) -> str:
    """A reporting month in words: May 2026."""
    if value is None:
        return "–"
    first = (value if isinstance(value, Month) else Month(value)).first
    return _written(first, "YEAR_MONTH_FORMAT")


@register.filter
def minute(value: datetime | None) -> str:
    """An instant to the minute, in Beijing, without saying so: for columns whose header says it."""
    return "–" if value is None else _written(value, "DATETIME_FORMAT")


@register.filter
def clock_time(value: datetime) -> str:
    """The hour and minute in Beijing: 14:03."""
    return _written(value, "TIME_FORMAT")


@register.filter
def moment(value: datetime | None) -> str:
    """An instant to the minute with its zone: 10 May 2026, 14:03 Beijing time."""
    return "–" if value is None else gettext("%(moment)s Beijing time") % {"moment": minute(value)}


@register.filter
def deadline(value: datetime | None) -> str:
    """A deadline: midnight is the end of the day before, 24:00 on 10 May 2026, Beijing time."""
    if value is None:
        return "–"
    here = value.astimezone(BEIJING)
    at_midnight = (here.hour, here.minute) == (0, 0)
    shown = here - timedelta(days=1) if at_midnight else here
    hour = "24:00" if at_midnight else _written(here, "TIME_FORMAT")
    return gettext("%(time)s on %(date)s, Beijing time") % {"time": hour, "date": day(shown)}


@register.simple_tag
def when(value: date | datetime | None, style: str = "minute") -> str:
    """A ``<time>`` element; ``style`` is day, minute, moment, deadline or clock_time."""
    if value is None:
        return "–"
    styles: dict[str, Callable[[Any], str]] = {
        "day": day,
        "minute": minute,
        "moment": moment,
        "deadline": deadline,
        "clock_time": clock_time,
    }
    machine = _in_beijing(value).isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, styles[style](value))


# Names


@register.filter
def name_here(thing: Any) -> str:
    """Of ``name_zh`` and ``name_en`` the one in the reader's language if it stands, else the other."""
    return said_here(getattr(thing, "name_en", ""), getattr(thing, "name_zh", "")) or str(thing or "")


@register.filter
def name_there(thing: Any) -> str:
    """The name in the other language where both stand, else nothing."""
    names = {getattr(thing, "name_zh", ""), getattr(thing, "name_en", "")} - {name_here(thing), ""}
    return names.pop() if names else ""


# Signs


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A symbol of the sprite; decoration unless it has a ``label``."""
    return _symbol(name, str(label), size)


@lru_cache(1_000)  # a page has some thirty, of few kinds
def _symbol(name: str, label: str, size: str) -> SafeString:
    href = f"{static('img/icons.svg')}#{name}"
    css = f"icon icon-{size}" if size else "icon"
    if label:
        named = '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(named, css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def badge(kind: str, code: str | None) -> str:
    """A state as sign and word. Kinds: see ``badge_words``."""
    if not code:
        return "–"
    shown = badge_of(kind, str(code))
    return format_html('<span class="badge badge-{}">{}{}</span>', shown.tone, icon(shown.icon), shown.label)


@register.filter
def state_word(code: str, kind: str) -> str:
    """The word of a state alone, for sentences and options."""
    return str(badge_of(kind, str(code)).label)


@register.filter
def state_tone(code: str, kind: str) -> str:
    """The tone of a state alone: quiet, good, note, warn or stop."""
    return badge_of(kind, str(code)).tone


# Lists


@register.inclusion_tag("components/_sort_header.html", takes_context=True)
def sort_header(
    context: Context,
    field: str,
    label: str,
    *,
    unit: str = "",
    numeric: bool = False,
    parameter: str = "sort",
) -> dict[str, Any]:
    """A column header that sorts by ``field``; a second press turns the order round."""
    request = context["request"]
    current = request.GET.get(parameter, "")
    query = request.GET.copy()
    for paging in ("page", "cursor", "after", "before"):
        query.pop(paging, None)
    query[parameter] = f"-{field}" if current == field else field
    order = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    return {"href": f"?{query.urlencode()}", "label": label, "unit": unit, "numeric": numeric, "order": order}


# Forms


@register.filter
def unit_of(field: BoundField) -> str:
    """The unit written beside a field: ``data-unit`` of its widget."""
    return str(field.field.widget.attrs.get("data-unit", ""))


@register.filter
def when_needed(field: BoundField) -> str:
    """The words beside the label of a field that may stay empty here: until when, or for good. Nothing beside others.

    A form names what is needed later: ``needed_to_submit``, and ``asked_about`` for what will be asked where it is missing.
    """
    if field.field.required:
        return ""
    if field.name in getattr(field.form, "needed_to_submit", ()):
        return gettext("(needed to submit)")
    if field.name in getattr(field.form, "asked_about", ()):
        return gettext("(asked for if missing)")
    return gettext("(optional)")


@register.filter
def anchor_of(field: BoundField) -> str:
    """The id the error summary links to: the input, or the group of a set of choices."""
    return field.id_for_label or field.auto_id or field.html_name
