"""Findings in words: the message of a check with its values, in whatever language `translate` speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from reporting.checks.core import REGISTRY, _, every_check

__all__ = ["KIND_WORDS", "STAGE_WORDS", "message", "show"]

BEIJING: Final = timezone(timedelta(hours=8))

KIND_WORDS: Final = {
    "opening": _("opening stock"), "produced": _("produced"), "purchased": _("purchased"), "imported": _("imported"),
    "returned_in": _("returned by a client"), "tolled_in": _("received for or from tolling"),
    "gained": _("found at a count"), "consumed": _("consumed"), "sold": _("sold"), "exported": _("exported"),
    "returned_out": _("returned to a supplier"), "tolled_out": _("sent for or after tolling"), "lost": _("lost"),
    "closing": _("closing stock"),
}  # fmt: skip

STAGE_WORDS: Final = {
    "concentrate": _("concentrate"), "mixed_carbonate": _("mixed carbonate"), "oxide": _("oxide"), "metal": _("metal"),
    "alloy": _("alloy"), "magnet_block": _("magnet block"), "magnet": _("magnet"), "assembly": _("assembly"),
    "scrap": _("scrap"), "target": _("target"), "compound": _("compound"),
}  # fmt: skip


def _unchanged(words: str) -> str:
    return words


def show(name: str, value: Any, translate: Callable[[str], str] = _unchanged) -> str:
    """Return one value as a reader sees it: kinds and stages in words, instants in Beijing time, nothing as –."""
    if value is None:
        return "–"
    if name == "kind":
        return translate(KIND_WORDS[value])
    if name.endswith("stage"):
        return translate(STAGE_WORDS[value])
    if name == "element":
        return str(value).capitalize()
    if name in {"due", "submitted", "as_of"}:
        return _instant(str(value), midnight_ends_day=name != "submitted")
    return str(value)


def _instant(text: str, *, midnight_ends_day: bool) -> str:
    moment = datetime.fromisoformat(text).astimezone(BEIJING)
    if midnight_ends_day and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment.date() - timedelta(days=1)} 24:00"
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def message(
    code: str,
    values: Mapping[str, Any],
    translate: Callable[[str], str] = _unchanged,
    shown: Callable[[str, Any], str] | None = None,
) -> str:
    """Return the message of the check `code` with the values of a finding, in the language of `translate`.

    `shown(name, value)` may write single values otherwise (grouped thousands, local dates). Raises KeyError for an
    unknown code or a missing value.
    """
    every_check()
    item = REGISTRY[code]
    write = shown or (lambda name, value: show(name, value, translate))
    return translate(item.message) % {name: write(name, values[name]) for name in item.placeholders}
