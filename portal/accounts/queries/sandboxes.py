"""Sandboxes: where a token made for trying out acts, and who acts there."""

from __future__ import annotations

from dataclasses import replace

from portal.accounts.models import Organisation, User
from portal.accounts.queries.people import actor_of
from portal.core import fence
from portal.core.actors import Actor


@fence.lifted(reason="what a token may see is known only when it is known that it acts in a sandbox")
def sandbox_of(organisation: Organisation) -> Organisation | None:
    """The enterprise's sandbox, if one was opened."""
    return Organisation.objects.select_related("sandbox_of").filter(sandbox_of=organisation).first()


def moved_into(sandbox: Organisation | None, actor: Actor) -> Actor:
    """The same person with the same permissions, in the sandbox; nothing may be done where there is none."""
    if sandbox is None:
        return replace(actor, organisation=None, permissions=frozenset())
    return replace(actor, organisation=sandbox)


def acting_for(user: User, organisation_id: int | None) -> Actor:
    """The person as a worker sees them when it goes on with their work, in an organisation or in its sandbox."""
    sandbox = Organisation.objects.select_related("sandbox_of").filter(pk=organisation_id or 0).first()
    if sandbox is None or sandbox.sandbox_of_id is None:
        return actor_of(user, organisation_id)
    return moved_into(sandbox, actor_of(user, sandbox.sandbox_of_id))
