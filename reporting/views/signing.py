"""Pages of signing: what will be signed, the nil return, the receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.reauthentication import require_recent, require_second_factor
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.months import Month
from portal.core.permissions import Permission, allow
from portal.core.templatetags.lodestone import month
from reporting.documents.receipts import qr_image, receipt_pdf, verification_url
from reporting.forms.signing import SignForm
from reporting.models import Filing
from reporting.queries import changes, filed, receipts
from reporting.queries import signing as reading
from reporting.queries.details import differing_details
from reporting.queries.filing_pages import badge_code, newest_filed, shown_faults
from reporting.queries.filings import versions_of, visible_filing
from reporting.queries.obligations import duty_of
from reporting.services import signing
from reporting.services.checking import faults_of
from reporting.services.viewing import identities_viewed

PRODUCER_OR_REGULATOR = (Permission.FILING_VIEW, Permission.SUPERVISE)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.FILING_SIGN)
@require_second_factor
@require_recent
@require_http_methods(["GET", "HEAD", "POST"])
def filing_sign(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Everything that will be signed, and the button that signs it."""
    actor = _actor(request)
    filing = visible_filing(actor, filing_id)
    if not filing.is_open:
        return redirect("filing_receipt", filing.pk)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.submit(by=actor, filing_id=filing.pk, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.words())
            return redirect("filing_sign", filing.pk)
        messages.success(request, _("%(month)s is signed and submitted.") % {"month": month(filing.period)})
        return redirect("filing_receipt", filing.pk)
    return render(request, "reporting/filing_sign.html", _to_sign(actor, filing, request.GET.get("page")))


def _to_sign(actor: Actor, filing: Filing, page: str | None) -> dict[str, Any]:
    faults = shown_faults(filing, faults_of(filing))
    in_the_way = [fault for fault in faults if fault.severity == "error" or fault.open_warning]
    explained = [fault for fault in faults if fault.severity != "error" and not fault.open_warning]
    replaced = reading.replaced_by(filing)
    blocked = reading.obstacles(filing, actor.user_id, clock.now())
    return {
        "filing": filing,
        "duty": duty_of(filing.organisation, filing.period, clock.now()),
        "in_the_way": in_the_way,
        "explained": explained,
        "obstacles": blocked,
        "may_sign": not (in_the_way or blocked),
        "lines": reading.lines_page(filing, page),
        "parties": list(filed.parties_of(filing).values()),
        "named": filed.digest_of_named(filing),
        "changes": changes.changes_since_last_month(filing),
        "replaced": replaced,
        "differences": changes.differing_rows(replaced, filing) if replaced else [],
        "details": differing_details(replaced, filing) if replaced else [],
        "digest": reading.digest_to_sign(filing),
    }


@allow(Permission.FILING_SIGN)
@require_second_factor
@require_recent
@require_http_methods(["GET", "HEAD", "POST"])
def filing_nil(request: HttpRequest, period: str) -> HttpResponse:
    """Say that nothing moved in a month, and sign it, in one step."""
    actor = _actor(request)
    reported = _month(period)
    duty = duty_of(actor.organisation, reported, clock.now())
    if duty is None:
        raise Http404
    if request.method == "POST":
        try:
            filing = signing.file_nil(by=actor, organisation=actor.organisation, period=reported)
        except Refused as refusal:
            messages.error(request, refusal.words())
            return redirect("filing_nil", period)
        messages.success(
            request, _("The nil return for %(month)s is signed and submitted.") % {"month": month(reported)}
        )
        return redirect("filing_receipt", filing.pk)
    doubts = reading.doubts_about_nil(actor.organisation, reported)
    context = {
        "duty": duty,
        "doubts": doubts,
        "has_lines": duty.draft is not None and duty.draft.line_count > 0,
    }
    return render(request, "reporting/filing_nil.html", context)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Http404 from error


def _filed(request: HttpRequest, filing_id: int) -> Filing:
    filing = visible_filing(_actor(request), filing_id)
    if filing.is_open:
        raise Http404
    return filing


@allow(*PRODUCER_OR_REGULATOR)
@require_safe
def filing_receipt(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The receipt: number, time, on time or not, digest; and what can be done next."""
    actor = _actor(request)
    filing = _filed(request, filing_id)
    versions = [
        row for row in versions_of(filing) if actor.organisation_id == row.organisation_id or not row.is_open
    ]
    signs, newest = actor.may(Permission.FILING_SIGN), newest_filed(versions)
    context = {
        "filing": filing,
        **(_receipt(filing) if filing.receipt_no else {}),
        "superseded": receipts.is_superseded(filing),
        "first_filed_at": receipts.first_filed_at(filing) if filing.version > 1 and filing.is_filed else None,
        "versions": [(row, badge_code(row, newest)) for row in versions],
        "may_amend": signs or actor.may(Permission.FILING_PREPARE),
        "may_withdraw": signs and filing.status == "submitted" and not filing.review_started_at,
    }
    return render(request, "reporting/filing_receipt.html", context)


def _receipt(filing: Filing) -> dict[str, Any]:
    receipt = {
        "number": filing.receipt_no,
        "at": filing.submitted_at,
        "on_time": receipts.was_on_time(filing),
        "digest": filing.sha256,
    }
    return {"receipt": receipt, "qr_url": qr_image(filing), "verify_url": verification_url(filing)}


@allow(*PRODUCER_OR_REGULATOR)
@require_safe
def filing_receipt_pdf(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The receipt as a PDF in both languages."""
    filing = _filed(request, filing_id)
    if not filing.receipt_no:
        raise Http404
    response = HttpResponse(receipt_pdf(filing), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="receipt-{filing.receipt_no}.pdf"'
    return response


@allow(*PRODUCER_OR_REGULATOR)
@require_safe
def filing_canonical(request: HttpRequest, filing_id: int) -> HttpResponse:
    """The canonical form: the very bytes over which the receipt's SHA-256 was taken."""
    filing = _filed(request, filing_id)
    identities_viewed(
        by=_actor(request),
        organisation_id=filing.organisation_id,
        subject=("filing", filing.pk),
        data={"period": str(filing.period), "version": filing.version},
    )
    response = HttpResponse(receipts.canonical_of(filing), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="filing-{filing.period}-{filing.version}.json"'
    return response
