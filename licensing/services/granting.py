"""A granted decision becomes a licence with its grams; an amendment's licence takes over what was drawn."""

from __future__ import annotations

from datetime import date

from licensing.domain.terms import LineTerms, Terms
from licensing.models import Application, PartyRole, Purpose, Recommendation
from licensing.queries.rejudgements import lines_now
from licensing.services import licences
from portal.core import clock
from portal.core.actors import Actor
from portal.core.months import Month


def issue_licence(*, by: Actor, application: Application, recommendation: Recommendation) -> None:
    """The licence stands and the application names it; part of the caller's transaction."""
    terms = _terms(application, recommendation)
    licence = licences.issue(
        by=by,
        exporter_id=application.organisation_id,
        terms=terms,
        lines=_lines(application, recommendation),
        predecessor_id=application.about_id if application.purpose == Purpose.AMENDMENT else None,
        application_id=application.pk,
    )
    application.licence = licence
    application.save(update_fields=["licence"])


def _terms(application: Application, recommendation: Recommendation) -> Terms:
    today = clock.today()
    parties = list(application.parties.all())
    consignees = [party for party in parties if party.role == PartyRole.CONSIGNEE]
    users = [party for party in parties if party.role == PartyRole.END_USER]
    destinations = dict.fromkeys([application.destination, *(party.country for party in users)])
    return Terms(
        kind=application.kind,
        issued_on=today,
        expires_on=months_later(today, recommendation.months or 12),
        max_uses=recommendation.max_uses,
        tolerance_pct=recommendation.tolerance_pct,
        consignee_name=tuple(party.name for party in consignees),
        consignee_id=tuple(party.identity for party in consignees if party.identity),
        end_user_name=tuple(party.name for party in users),
        end_user_id=tuple(party.identity for party in users if party.identity),
        destinations=tuple(code for code in destinations if code),
        customs_office=recommendation.customs_office,
        transport_mode=recommendation.transport_mode,
        no_split=recommendation.no_split,
    )


def _lines(application: Application, recommendation: Recommendation) -> list[LineTerms]:
    """What is authorised: goods that need no licence are no part of it."""
    return [
        LineTerms(
            line_no=line.line_no,
            quantity_g=recommendation.quantities.get(str(line.line_no), line.quantity_g),
            control_codes=tuple(line.codes),
            hs_code=line.hs_code,
            description=f"{line.name} {line.grade}".strip(),
            quantity_dp=line.quantity_dp,
        )
        for line in lines_now(application)
        if line.verdict != "not_controlled"
    ]


def months_later(day: date, months: int) -> date:
    """The last day of a span of months that begins with ``day``: the day before its date, so many months on."""
    month = Month.of(day) + months
    same = min(day.day, month.last.day)
    return date.fromordinal(date(month.year, month.month, same).toordinal() - 1)
