"""A calendar as RFC 5545 writes it: escaped, folded at 75 octets, lines ended CR LF. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Entry:
    """One due day: ``uid`` stays for ever, ``stamp`` says when this was written.

    ``alarms`` are days before it; each rings at nine in the morning.
    """

    uid: str
    day: date
    summary: str
    description: str
    url: str
    stamp: datetime
    done: bool = False
    alarms: tuple[int, ...] = (5, 1)


def calendar_text(*, name: str, product: str, entries: Iterable[Entry]) -> str:
    """The whole calendar; ``name`` is what a reader's calendar program shows."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escaped(product)}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon and comma escaped, line ends as \\n, other control characters left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line cut so that none is longer than 75 octets of UTF-8, never inside a character."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            parts.append(part)
            part, size = "", 1  # the space that begins a continued line counts
        part, size = part + sign, size + octets
    return "\r\n ".join([*parts, part])


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_instant(entry.stamp)}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.summary)}",
        f"DESCRIPTION:{escaped(entry.description)}",
        f"URL:{entry.url}",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
    ]
    if not entry.done:
        for days in entry.alarms:
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(entry.summary)}"]
            lines += [f"TRIGGER:-P{days - 1}DT15H", "END:VALARM"]
    lines.append("END:VEVENT")
    return lines


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
