"""A verdict as a page shows it, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import ControlList, Verdict
from licensing.domain.classification.words import Words
from licensing.queries.list_pages import ShownStatus, cited, shown_status
from portal.core.words import said_here
from portal.registry.models import Element

_PLACES: dict[str, str | Promise] = {
    "form": _("the form"),
    "family": _("the family"),
    "partners": _("the other metals of the alloy"),
}


@dataclass(frozen=True)
class ShownConsidered:
    """One entry that the good was held against."""

    code: str
    name: str
    instrument: str
    applies: str
    decides: bool
    status: ShownStatus
    because: str


@dataclass(frozen=True)
class ShownVerdict:
    """A verdict in words."""

    code: str
    entry: str | None
    because: str
    missing: list[str]
    contradictions: list[str]
    considered: list[ShownConsidered]
    list_version: int


def shown_verdict(verdict: Verdict, control_list: ControlList) -> ShownVerdict:
    """The verdict in the reader's language, the entries that decide first."""
    names = {entry.control_code: entry for entry in control_list.entries}
    considered = []
    for one in verdict.entries:
        entry = names[one.control_code]
        considered.append(
            ShownConsidered(
                one.control_code,
                said_here(entry.name_en, entry.name_zh),
                cited(control_list, one.instrument),
                one.applies,
                one.decides,
                shown_status(control_list, one.status),
                _said(one.because),
            )
        )
    return ShownVerdict(
        verdict.verdict,
        verdict.entry,
        _said(verdict.because),
        [_place(place) for place in verdict.missing],
        [_said(one.words) for one in verdict.contradictions],
        considered,
        verdict.list_version,
    )


def _said(words: Words) -> str:
    return said_here(words.en, words.zh)


def _place(place: str) -> str:
    if place in _PLACES:
        return str(_PLACES[place])
    element = Element.objects.filter(symbol=place.removeprefix("contents.")).first()
    return str(_("the content of %(element)s") % {"element": element.name if element else place})
