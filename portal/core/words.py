"""Words as every database can keep them, and those of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, gettext


def in_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "").startswith("zh")


def said_here(english: str, chinese: str) -> str:
    """The words of the reader's language, the other language's where those are missing."""
    return (chinese or english) if in_chinese() else (english or chinese)


def named(pairs: Iterable[tuple[str, str]]) -> str:
    """Values with what they are called, in one line, with the stops of the reader's language."""
    return one_line(gettext("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in pairs)


def one_line(parts: Iterable[str]) -> str:
    """Statements one after the other."""
    return gettext("; ").join(parts)


def storable(text: str) -> str:
    """The text without NUL and halves of characters, which no database takes; nothing that can be read is lost."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
