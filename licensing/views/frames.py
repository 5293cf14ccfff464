"""What the pages of licensing share: who asks, files to save, the steps of an application."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.models import Application
from licensing.queries.completeness import lacks_of
from portal.core.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    """Bytes to save, never to show."""
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def files_of(request: HttpRequest) -> list[tuple[str, bytes]]:
    """What came as the field ``file``: name and bytes."""
    return [(file.name or "", file.read()) for file in request.FILES.getlist("file")]


STEPS = ("goods", "parties", "use", "documents", "submit")


def step_context(application: Application, here: str) -> dict[str, Any]:
    """The steps of a draft with what is done, and the next one."""
    words = {
        "goods": _("Goods"),
        "parties": _("Parties"),
        "use": _("End use and conditions"),
        "documents": _("Papers"),
        "submit": _("Check and submit"),
    }
    lacking = {lack.step for lack in lacks_of(application) if lack.blocks}
    steps = [
        {
            "label": words[name],
            "url": reverse(f"application_{name}", args=[application.pk]),
            "current": name == here,
            "done": name != "submit" and name not in lacking,
        }
        for name in STEPS
    ]
    place = STEPS.index(here)
    return {
        "application": application,
        "steps": steps,
        "next_step": steps[place + 1] if place + 1 < len(steps) else None,
        "step_title": words[here],
    }
