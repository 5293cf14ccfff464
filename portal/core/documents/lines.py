"""Breaking Chinese and English text into lines: Latin words stay whole, punctuation stays with its word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_NO_LINE_START = "，。；：、！？）》」』”’％%)]}…,.;:!?"
_NO_LINE_END = "（《「『“‘([{"


def chinese_pieces(text: str) -> list[str]:
    """The text in pieces that may stand at a line's end: Latin words whole, punctuation with its word."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1] if pieces else ""
        joins = (
            letter in _NO_LINE_START
            or last[-1:] in tuple(_NO_LINE_END)
            or (letter.isascii() and not letter.isspace() and last[-1:].isascii() and not last[-1:].isspace())
            or letter.isspace()
        )
        if last and joins:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def break_lines(pieces: Sequence[str], width: float, measure: Callable[[str], Any]) -> list[str]:
    """Pieces set into lines no wider than ``width``; a piece wider than a line is cut."""
    lines: list[str] = []
    line = ""
    for whole in pieces:
        piece = whole
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        while measure(piece.rstrip()) > width and len(piece) > 1:
            fits = next(n for n in range(len(piece) - 1, 0, -1) if n == 1 or measure(piece[:n]) <= width)
            lines.append(piece[:fits])
            piece = piece[fits:]
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines
