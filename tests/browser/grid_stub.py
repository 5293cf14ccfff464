"""A filing's lines kept in this process, answered to the grid as the portal answers them; it can be made to fail."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from django.template.loader import render_to_string

STATIC = Path(__file__).parents[2] / "static"
BASE = "http://localhost"
KINDS = [("produced", "Produced"), ("sold", "Sold"), ("lost", "Lost")]
COLUMNS = [
    {
        "name": "kind",
        "label": "Kind",
        "type": "choice",
        "required": True,
        "choices": [{"value": v, "label": w} for v, w in KINDS],
    },
    {
        "name": "product",
        "label": "Product",
        "type": "choice",
        "choices": [{"value": f"P-{n:02}", "label": f"P-{n:02} block"} for n in range(1, 30)],
    },
    {"name": "quantity_kg", "label": "Quantity", "type": "number", "required": True},
    {"name": "note", "label": "Note", "type": "text"},
]
FAULTS = [
    {
        "code": "ARI001",
        "severity": "error",
        "line_no": 2,
        "column": "quantity_kg",
        "message": "12.400 kg of P-07 unaccounted for",
        "url": "/checks/ARI001/",
        "explained": False,
    }
]
PRODUCT = {
    "code": "P-07",
    "name": "block",
    "in": "100.000",
    "out": "87.600",
    "difference": "12.400",
    "text": "12.400 kg of P-07 unaccounted for",
}
BALANCES = {"products": [PRODUCT], "elements": [{"symbol": "Nd", "in": "30.1", "out": "26.4", "text": ""}]}


class Lines:
    """What the portal holds; ``failures`` is how many posts are answered with ``status``."""

    def __init__(self, count: int) -> None:
        self.revision = 1
        self.lines = {
            n: {"kind": "sold", "product": f"P-{n % 29 + 1:02}", "quantity_kg": f"{n}.500"}
            for n in range(1, count + 1)
        }
        self.failures = 0
        self.status = 503
        self.posts = 0

    def write_elsewhere(self, line: int, **cells: str) -> None:
        """Somebody else, or another tab, saves."""
        self.lines.setdefault(line, {}).update(cells)
        self.revision += 1

    def body(self) -> dict:
        lines = [{"line_no": line, "cells": cells} for line, cells in sorted(self.lines.items())]
        shown = {"faults": FAULTS, "balances": BALANCES}
        return {"revision": self.revision, "columns": COLUMNS, "lines": lines, **shown, "saved_at": ""}

    def take(self, sent: dict) -> tuple[int, dict]:
        self.posts += 1
        if self.failures:
            self.failures -= 1
            return self.status, {}
        if sent["revision"] != self.revision:
            return 409, {**self.body(), "code": "stale", "changed": []}
        for op in sent["ops"]:
            if op["op"] == "delete":
                del self.lines[op["line_no"]]
            elif op["op"] == "insert":
                assert op["line_no"] not in self.lines
                self.lines[op["line_no"]] = dict(op["cells"])
            else:
                self.lines[op["line_no"]].update(op["cells"])
        self.revision += 1
        saved = {"saved_at": "2026-06-03T14:03:00+08:00", "faults": FAULTS, "balances": BALANCES}
        return 200, {"revision": self.revision, **saved}

    def answer(self, route) -> None:
        """Answer a request of the page: its own files, the lines, the page itself."""
        request = route.request
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0]
            route.fulfill(status=200, body=file.read_bytes(), content_type=kind or "text/plain")
        elif path == "/lines/":
            status, body = (
                (200, self.body()) if request.method == "GET" else self.take(json.loads(request.post_data))
            )
            route.fulfill(status=status, body=json.dumps(body), content_type="application/json")
        else:
            policy = (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
            )
            headers = {"Content-Security-Policy": policy}
            route.fulfill(status=200, body=page_of_the_grid(), content_type="text/html", headers=headers)


def page_of_the_grid() -> str:
    sheets = "".join(
        f'<link rel="stylesheet" href="/static/css/{name}.css">'
        for name in ("tokens", "base", "grid", "grid_around")
    )
    script = '<script type="module" src="/static/js/grid/index.js"></script>'
    shell = (
        '<section data-grid data-lines-url="/lines/" data-key="filing-1" data-icons="/static/img/icons.svg"'
        ' data-sign-in-url="/sign-in/"><form data-grid-fallback>The form without script</form></section>'
    )
    words = render_to_string("components/_grid_words.html")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Grid</title>{sheets}{script}</head>'
        f'<body><main id="content"><h1>May 2026</h1>{shell}</main>{words}</body></html>'
    )
