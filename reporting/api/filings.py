"""``filings/``: a month sent as lines, as nothing to report or as a file; read, and its lines replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from portal.core.api import bodies, paging
from portal.core.api.bodies import StrictJson
from portal.core.api.endpoint import Endpoint, acts, address, answer, nothing
from portal.core.api.problems import Fault, invalid
from portal.core.api.schema import (
    Operation,
    Refusal,
    Said,
    code_parameter,
    described,
    month_parameter,
    page_of,
)
from portal.core.api.tags import answered_with, require_match
from portal.core.models import Job
from portal.core.months import Month
from portal.core.permissions import Permission
from reporting.api import examples, lines, shown
from reporting.api.files import filed_answer, tried_file
from reporting.api.shapes import (
    FilingShape,
    JobShape,
    JudgedFilingShape,
    LinesShape,
    SentFileShape,
    SentLinesShape,
    VerdictShape,
    WholeFilingShape,
)
from reporting.domain.cells import Row
from reporting.models import Filing, FilingStatus
from reporting.queries.draft_lines import all_rows
from reporting.queries.filings import visible_filing, visible_filings
from reporting.queries.placed_faults import TOLD, counted, placed, stock_lines_of
from reporting.queries.timeliness import on_time_of
from reporting.services import drafts, sending, signing
from reporting.services.sending import Sent

_TAG = "Filings"
READ, PREPARE = (Permission.FILING_VIEW,), (Permission.FILING_PREPARE,)
ALREADY = Refusal(409, "already_filed", "2026-05 is filed already. Amend the filing instead.")
HANDED_OVER = Refusal(
    409, "handed_over", "The filing is with the certifier. Take it back before you change it."
)
CELLS = Refusal(
    422, "unusable", "Some of what was sent cannot be used. See “errors” for each place.",
    ({"pointer": "/lines/2/quantity_kg", "code": "decimal_not_text", "message": 'Write decimals as JSON strings, for example "12.400".'},),
)  # fmt: skip


class FilingList(Endpoint):
    """The versions of all months; a new month."""

    allowed = {"GET": READ, "POST": (Permission.FILING_PREPARE, Permission.FILING_SIGN)}
    parser_classes: Sequence[type[BaseParser]] = (StrictJson, MultiPartParser)

    @described(
        Operation(
            "filings_list",
            _TAG,
            "The versions of your months, the latest first",
            paged=True,
            query=[
                month_parameter("period", "this month only"),
                code_parameter("status", "in this state", FilingStatus.values),
            ],
            answers={200: Said(page_of(FilingShape), "a page", {"results": [examples.FILED], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        rows = visible_filings(self.actor)
        if (period := month_asked(request, "period")) is not None:
            rows = rows.filter(period=period)
        if (status := request.query_params.get("status")) is not None:
            if status not in FilingStatus.values:
                raise paging.bad_query(
                    "status", _("Choose one of: %(codes)s.") % {"codes": ", ".join(FilingStatus.values)}
                )
            rows = rows.filter(status=status)
        return answer(paging.page(request, rows, ("-period", "-version", "-id"), _without_lines))

    @described(
        Operation(
            "filings_send",
            _TAG,
            "Send a month",
            words="As lines, as `nil: true`, or as a file (multipart). The draft of the month holds exactly what is sent; what "
            "stood there is kept and can be brought back on its page. Nothing is submitted. What cannot be read is kept as it "
            "was typed and stands among the faults. Above 6,000 lines the answer is 202 and a job to follow. With "
            "`dry_run: true` nothing is stored. `nil: true` with `submit: true` files at once what a certifier's token signs.",
            request={"application/json": SentLinesShape, "multipart/form-data": SentFileShape},
            request_example={"period": "2026-05", "lines": examples.LINES},
            creates=True,
            refusals=[ALREADY, HANDED_OVER, CELLS],
            answers={
                200: Said(
                    VerdictShape,
                    "the draft was there already; of a dry run the faults alone",
                    examples.JUDGED,
                ),
                201: Said(JudgedFilingShape, "the draft was begun", examples.JUDGED),
                202: Said(JobShape, "a worker puts the lines in place", examples.JOB),
            },
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        if (request.content_type or "").startswith("multipart/"):
            return self._file(request)
        given = bodies.members(request, ("period", "lines", "nil", "dry_run", "submit"))
        period, nil = bodies.month(given, "period"), bodies.flag(given, "nil")
        _one_of_both(given, nil)
        if nil and bodies.flag(given, "submit"):
            return self._file_nil(request, period)
        rows = (
            []
            if nil
            else lines.rows_of(given["lines"], {"organisation": self._uscc(), "period": str(period)})
        )
        if bodies.flag(given, "dry_run"):
            return answer(verdict_on_trial(self, period, rows, nil=nil))
        if nil:
            sent = sending.send_nil(by=self.actor, organisation=self.actor.organisation, period=period)
        else:
            sent = sending.send_lines(
                by=self.actor, organisation=self.actor.organisation, period=period, rows=rows
            )
        return sent_answer(request, sent, [number for number, _cells in rows])

    def _uscc(self) -> str:
        return str(self.actor.organisation.code)

    def _file_nil(self, request: Request, period: Month) -> HttpResponse:
        filing = signing.file_nil(by=self.actor, organisation=self.actor.organisation, period=period)
        return judged_answer(request, filing, status=201)

    def _file(self, request: Request) -> HttpResponse:
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise invalid([Fault("/file", "required", _("Send the file as the part “file”."))])
        period = bodies.month({"period": request.POST.get("period")}, "period")
        dry_run = request.POST.get("dry_run", "false")
        if dry_run not in {"true", "false"}:
            raise invalid([Fault("/dry_run", "not_a_flag", _("Write true or false."))])
        if dry_run == "true":
            return tried_file(self.actor, period, file)
        return filed_answer(request, self.actor, period, file)


class FilingItem(Endpoint):
    """One version."""

    allowed = {"GET": READ, "PUT": PREPARE, "DELETE": PREPARE}

    @described(
        Operation(
            "filings_read",
            _TAG,
            "One version with its lines and faults",
            refusals=["not_found"],
            answers={200: Said(WholeFilingShape, "the version", examples.WHOLE)},
        )
    )
    def get(self, request: Request, filing_id: int) -> HttpResponse:
        filing = visible_filing(self.actor, filing_id)
        tag = shown.filing_tag(filing)
        rows = all_rows(filing)
        data = shown.filing_of(filing) | {"lines": lines.shown_lines(rows)}
        data |= shown.verdict_on(filing, [number for number, _cells in rows])
        return answered_with(request, answer(data), tag)

    @described(
        Operation(
            "filings_replace",
            _TAG,
            "Replace the lines of a draft",
            request=LinesShape,
            request_example={"lines": examples.LINES},
            words="The draft holds exactly these lines, or with `nil: true` none; what stood there is kept.",
            matches=True,
            refusals=["not_found", HANDED_OVER, CELLS],
            answers={
                200: Said(JudgedFilingShape, "the draft", examples.JUDGED),
                202: Said(JobShape, "a worker puts the lines in place", examples.JOB),
            },
        )
    )
    @acts
    def put(self, request: Request, filing_id: int) -> HttpResponse:
        filing = visible_filing(self.actor, filing_id)
        require_match(request, shown.filing_tag(filing))
        given = bodies.members(request, ("lines", "nil"))
        nil = bodies.flag(given, "nil")
        _one_of_both(given, nil)
        if nil:
            return judged_answer(request, sending.put_nil(by=self.actor, filing_id=filing_id))
        rows = lines.rows_of(given["lines"], lines.about(filing))
        seen = filing.revision if "If-Match" in request.headers else None
        sent = sending.put_lines(by=self.actor, filing_id=filing_id, rows=rows, seen=seen)
        return sent_answer(request, sent, [number for number, _cells in rows])

    @described(
        Operation(
            "filings_discard",
            _TAG,
            "Throw a draft away",
            matches=True,
            refusals=["not_found", HANDED_OVER],
            answers={204: Said(None, "gone")},
        )
    )
    @acts
    def delete(self, request: Request, filing_id: int) -> HttpResponse:
        filing = visible_filing(self.actor, filing_id)
        require_match(request, shown.filing_tag(filing))
        drafts.discard(by=self.actor, filing_id=filing_id)
        return nothing()


def month_asked(request: Request, name: str) -> Month | None:
    """A month of the query string. Raises the problem 400."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        found = Month.parse(text)
    except ValueError:
        found = Month(0)
    if not 1990 <= found.year <= 2199:
        raise paging.bad_query(name, _("Write the month as YYYY-MM, for example 2026-05."))
    return found


def _without_lines(filings: Sequence[Filing]) -> list[dict[str, Any]]:
    on_time = on_time_of(filings)
    return [shown.filing_of(filing, on_time=on_time[filing.pk]) for filing in filings]


def _one_of_both(given: dict[str, Any], nil: bool) -> None:
    if nil and given.get("lines"):
        raise invalid([Fault("/lines", "nil_with_lines", _("A nil return has no lines."))])
    if not nil and given.get("lines") is None:
        raise invalid([Fault("/lines", "required", _("Send “lines”, or “nil”: true where nothing moved."))])


def sent_answer(request: Request, sent: Sent, numbers: Sequence[int]) -> HttpResponse:
    """The draft with its faults, each at its place in what was sent; or the job that does it."""
    if sent.job_id is not None:
        return shown.accepted(request, Job.objects.get(pk=sent.job_id))
    return judged_answer(request, sent.filing, numbers, status=201 if sent.begun else 200)


def judged_answer(
    request: Request, filing: Filing, numbers: Sequence[int] | None = None, status: int = 200
) -> HttpResponse:
    """A version with its faults and its tag; with its address where it is new."""
    headers = {}
    if status == 201:
        headers["Location"] = address(request, reverse("api_filing", args=[filing.pk]))
    data = shown.filing_of(filing) | shown.verdict_on(filing, numbers)
    return answered_with(request, answer(data, status, headers), shown.filing_tag(filing))


def verdict_on_trial(
    view: Endpoint, period: Month, rows: Sequence[Row], *, nil: bool = False
) -> dict[str, Any]:
    """What the checks would say of lines that are stored nowhere."""
    faults = sending.tried(organisation=view.actor.organisation, period=period, rows=rows, nil=nil)
    stock = stock_lines_of((cells.get("product", ""), number, cells.get("kind")) for number, cells in rows)
    told = placed(faults[:TOLD], [number for number, _cells in rows], stock)
    return {"faults": told, "fault_counts": counted(faults)}
