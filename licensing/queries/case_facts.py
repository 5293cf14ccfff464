"""What rules may ask about a case."""

from __future__ import annotations

from licensing.domain.routing import Facts
from licensing.models import Application


def facts_of(application: Application) -> Facts:
    """The facts of a case by name; what was read with it beforehand is not read again."""
    countries = {application.destination, *(party.country for party in application.parties.all())} - {""}
    return {
        "kind": frozenset({application.kind}),
        "purpose": frozenset({application.purpose}),
        "destination": frozenset(countries),
        "control_code": frozenset(code for line in application.lines.all() for code in line.codes),
        "flag": frozenset(flag.code for flag in application.flags.all() if flag.lowered_at is None),
        "province": frozenset({application.organisation.province} - {""}),
    }
