"""Words that people send, as every database can keep them."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text without NUL and halves of characters, which no database takes; nothing that can be read is lost."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
