"""Text that a spreadsheet would run as a formula: how it is written, and how it is read again.

A text that begins with ``= + - @``, TAB, CR or LF (or their full-width forms) is written to CSV with an apostrophe
before it, which spreadsheets show as text; reading takes one apostrophe away. A text that already
begins so gets one more, hence reading what was written gives the text that was there. A plain
negative number is no formula and stays as it is. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

_STARTS = "=+\\-@\t\r\n＝＋－＠"
_FORMULA = re.compile(f"'*[{_STARTS}]")
_MARKED = re.compile(f"'+[{_STARTS}0-9]")
_PLAIN_NEGATIVE = re.compile(r"-\d{1,30}(\.\d{1,30})?")
_FIRST_MARKED = frozenset("'=+-@\t\r\n＝＋－＠")
_FIRST_LOST = frozenset("'\t\r\n")
_EXCEL_TEXT = re.compile(r'="([^"]*)"')


def mark_for_csv(text: str) -> str:
    """The text as it may stand in a CSV cell without ever running."""
    first = text[:1]
    if first not in _FIRST_MARKED or _PLAIN_NEGATIVE.fullmatch(text):
        return text
    return "'" + text if _FORMULA.match(text) or _MARKED.match(text) else text


def mark_for_workbook(text: str) -> str:
    """The text as it may stand in a workbook's text cell; only what reading would change is marked."""
    first = text[:1]
    if first in _FIRST_LOST and (first != "'" or _MARKED.match(text)):
        return "'" + text
    return text


def unmark(text: str) -> str:
    """The text without the apostrophe that says "this is text"."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text


def unmark_csv(text: str) -> str:
    """The same for a CSV cell, where Excel users also write ``="00123"`` to keep a text as it is."""
    if text[:1] == "=" and (wrapped := _EXCEL_TEXT.fullmatch(text)):
        return wrapped.group(1)
    return unmark(text)
