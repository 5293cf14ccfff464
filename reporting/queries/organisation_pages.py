"""Organisations as the regulator reads them: the list, and one with its months, findings, registers and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404

from portal.accounts.models import Organisation
from portal.accounts.queries import Member, members_of
from portal.accounts.roles import Kind
from portal.audit.models import Event
from portal.audit.queries import events_of
from portal.core import clock
from portal.core.actors import Actor
from portal.registry.models import Counterparty, Product
from reporting.models import Extension, Filing, Finding, Obligation
from reporting.queries.extensions import extensions_of
from reporting.queries.finding_lists import WAITING, ListedFinding, listed
from reporting.queries.listings import PAGE
from reporting.queries.obligations import with_state
from reporting.queries.oversight import month_to_watch


def organisations(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Organisation]:
    """Enterprises as the filters ask."""
    rows = Organisation.objects.filter(kind=Kind.ENTERPRISE)
    if "activity" in filters:
        rows = rows.filter(activities__contains=filters["activity"])
    if "duty" in filters:
        rows = rows.filter(reports_from__isnull=filters["duty"] == "no")
    if "state" in filters:
        rows = rows.filter(state=filters["state"])
    return rows


@dataclass(frozen=True)
class ListedOrganisation:
    """An organisation in the list: where it stands with the month to watch, how many findings wait."""

    organisation: Organisation
    duty: str
    findings: int


def in_list(rows: Sequence[Organisation]) -> list[ListedOrganisation]:
    """The rows of one page. Two queries, however many there are."""
    ids = [row.pk for row in rows]
    owed: QuerySet[Any] = with_state(
        Obligation.objects.filter(organisation_id__in=ids, period=month_to_watch()), clock.now()
    )
    duties = dict(owed.values_list("organisation_id", "state"))
    waiting = Finding.objects.filter(organisation_id__in=ids, state__in=WAITING).order_by()
    counts = dict(waiting.values_list("organisation_id").annotate(Count("pk")))
    return [ListedOrganisation(row, duties.get(row.pk, ""), counts.get(row.pk, 0)) for row in rows]


def organisation_of(organisation_id: int) -> Organisation:
    """An enterprise; Http404 for any other number."""
    row = Organisation.objects.filter(kind=Kind.ENTERPRISE, pk=organisation_id).first()
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True)
class FiledMonth:
    """One month of an organisation: what was owed, and the version in force."""

    obligation: Obligation
    filing: Filing | None


def months_of(organisation: Organisation, page: str | None) -> tuple[Page[Any], list[FiledMonth]]:
    """A page of the months owed, newest first, each with its version in force."""
    rows = with_state(Obligation.objects.filter(organisation=organisation), clock.now()).order_by("-period")
    shown = Paginator(rows, 24).get_page(page)
    months = list(shown)
    filings = Filing.objects.in_force().filter(
        organisation=organisation, period__in=[row.period for row in months]
    )
    in_force = {filing.period: filing for filing in filings}
    return shown, [FiledMonth(row, in_force.get(row.period)) for row in months]


def findings_about(organisation: Organisation, page: str | None) -> tuple[Page[Any], list[ListedFinding]]:
    """A page of the organisation's findings that are not mended, the most urgent first."""
    rows = (
        Finding.objects.filter(organisation=organisation)
        .exclude(state="closed")
        .order_by("-score", "-period", "pk")
    )
    shown = Paginator(rows, PAGE).get_page(page)
    return shown, listed(shown)


def products_of(organisation: Organisation, page: str | None) -> Page[Any]:
    """A page of its catalogue."""
    return Paginator(Product.objects.filter(organisation=organisation).order_by("code"), PAGE).get_page(page)


def counterparties_of(organisation: Organisation, page: str | None) -> Page[Any]:
    """A page of its clients and suppliers: their identities, so the view leaves a trace."""
    return Paginator(Counterparty.objects.filter(organisation=organisation).order_by("code"), PAGE).get_page(
        page
    )


def people_of(organisation: Organisation) -> list[Member]:
    """Who acts for it, with their roles."""
    return members_of(organisation)


def extensions_about(organisation: Organisation) -> list[Extension]:
    """What it asked for and was given, newest first; at most a hundred."""
    return list(extensions_of(organisation)[:100])


def trail_about(organisation: Organisation) -> list[Event]:
    """The latest hundred events of its trail."""
    return list(events_of(organisation.pk)[:100])
