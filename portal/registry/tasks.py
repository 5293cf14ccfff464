"""Work for the workers about registers: matching records to parties, filling a sandbox."""

from __future__ import annotations

from celery import shared_task

from portal.core.actors import Actor
from portal.core.durable import durable
from portal.registry.services import parties, sandboxes


@durable("portal.registry.match_parties")
def match_parties(decision_id: int) -> None:
    """A decision was made or undone: who is whom follows it."""
    parties.match(by=Actor.system("identity matching"))


@shared_task(name="portal.registry.nightly_matching", ignore_result=True)
def nightly_matching() -> None:
    """Registers change all day; every night who is whom is made anew."""
    parties.match(by=Actor.system("identity matching"))


@durable("portal.registry.fill_sandbox")
def fill_sandbox(sandbox_id: int) -> None:
    """A sandbox was opened: it gets the registers of its enterprise."""
    sandboxes.fill(by=Actor.system("sandbox"), sandbox_id=sandbox_id)
