"""What a certifier reads before signing, and the state of a version for those who only look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core.months import Month
from portal.core.templatetags.lodestone import month
from reporting.domain.canonical import digest_of
from reporting.models import Filing, FilingStatus, Kind, Line
from reporting.queries.filings import filing_in_force
from reporting.queries.obligations import opens_at
from reporting.queries.previous import source_of
from reporting.queries.receipts import canonical_of

LINES_A_PAGE = 2_000  # one page for all but the largest filings, so that it prints whole


def lines_page(filing: Filing, number: str | None) -> Page[Line]:
    """Lines with their products and counterparties, two thousand a page."""
    rows = Line.objects.filter(filing=filing).select_related("product", "counterparty").order_by("line_no")
    return Paginator(rows, LINES_A_PAGE).get_page(number or 1)


def digest_to_sign(filing: Filing) -> str:
    """The SHA-256 that the receipt will carry if nothing changes before."""
    return digest_of(canonical_of(filing))


def obstacles(filing: Filing, user_id: int | None, now: datetime) -> list[str]:
    """What keeps this person from signing this version, faults aside, in words."""
    found = []
    if now < opens_at(filing.period):
        found.append(_("The month is not over yet. It can be signed from its end on."))
    if not filing.line_count:
        found.append(_("There are no lines. If nothing moved in the month, file a nil return."))
    if filing.organisation.separate_signer:
        if filing.status != FilingStatus.HANDED_OVER:
            found.append(
                _(
                    "Your organisation asks for two people: a preparer hands the filing over before it is signed."
                )
            )
        elif filing.prepared_by_id in {user_id, None}:
            found.append(
                _(
                    "Your organisation asks for two people: you prepared this filing, so another certifier signs it."
                )
            )
    return found


def replaced_by(filing: Filing) -> Filing | None:
    """For a draft amendment, the version in force whose place it will take."""
    return filing_in_force(filing.organisation_id, filing.period) if filing.version > 1 else None


def doubts_about_nil(organisation: Organisation, period: Month) -> list[str]:
    """What last month's filing says against a nil return: its trade and its closing stock."""
    last, _unbroken = source_of(organisation.pk, period)
    if last is None:
        return []
    rows = Line.objects.filter(filing=last)
    traded = rows.exclude(kind__in=[Kind.OPENING, Kind.CLOSING]).count()
    stocked = rows.filter(kind=Kind.CLOSING, quantity_g__gt=0).count()
    values: dict[str, Any] = {"month": month(last.period), "lines": traded, "products": stocked}
    doubts = []
    if traded and last.period == period - 1:
        doubts.append(_("In %(month)s you reported %(lines)s movements.") % values)
    if stocked:
        words = _(
            "You held stock of %(products)s products at the end of %(month)s. A nil return carries it over unchanged."
        )
        doubts.append(words % values)
    return doubts
