"""The office of customs, and who administers it."""

from __future__ import annotations

from portal.accounts.models import Organisation, User
from portal.accounts.queries.people import people_with
from portal.accounts.roles import Kind, roles_of
from portal.core.permissions import Permission


def customs_office(*, hold: bool = False) -> Organisation | None:
    """The office, its row held for what follows if asked; None on a portal that customs has not joined."""
    rows = Organisation.objects.filter(kind=Kind.CUSTOMS).order_by("pk")
    return (rows.select_for_update() if hold else rows).first()


def administrators_of(office: Organisation) -> list[User]:
    """The active people who manage its members."""
    managing = [role.code for role in roles_of(office.kind) if Permission.MEMBERS_MANAGE in role.permissions]
    return list(people_with(office, *managing).order_by("pk"))
