"""Sweeps as the regulator follows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from portal.core.actors import Actor
from reporting.models import ShardState, Sweep, SweepState


def sweeps(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Sweep]:
    """Sweeps as the filters ask."""
    rows = Sweep.objects.select_related("started_by")
    return rows.filter(cause=filters["cause"]) if "cause" in filters else rows


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: parts done of all, and whether it is over."""

    sweep: Sweep
    done: int

    @property
    def is_over(self) -> bool:
        return self.sweep.state == SweepState.DONE


def progress_of(sweep_id: int) -> Progress:
    """The sweep and how many of its parts are done; Http404 where there is none."""
    sweep = Sweep.objects.select_related("started_by").filter(pk=sweep_id).first()
    if sweep is None:
        raise Http404
    return Progress(sweep, sweep.shards.filter(state=ShardState.DONE).count())
