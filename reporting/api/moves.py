"""What is done with a version: checked, explained, handed over, taken back, signed and submitted, amended."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from rest_framework.request import Request

from portal.core.api import bodies
from portal.core.api.endpoint import Endpoint, acts, answer
from portal.core.api.problems import Problem
from portal.core.api.schema import Operation, Refusal, Said, described
from portal.core.api.tags import require_match
from portal.core.errors import Refused
from portal.core.permissions import Permission
from reporting.api import examples, lines, shown
from reporting.api.filings import HANDED_OVER, judged_answer, verdict_on_trial
from reporting.api.shapes import (
    ExplanationShape,
    JudgedFilingShape,
    ReasonShape,
    ReceiptShape,
    RevisionShape,
    TriedLinesShape,
    VerdictShape,
)
from reporting.models import Filing
from reporting.queries.filings import visible_filing
from reporting.services import drafts, signing

_TAG = "Filings"
_OPEN = {
    "errors_open": Refusal(409, "errors_open", "Mend the errors first: 1 are open.", (examples.FAULT,)),
    "warnings_unexplained": Refusal(
        409, "warnings_unexplained", "Explain the warnings first: 1 are open.", (examples.FAULT,)
    ),
}
_TWO = Refusal(
    409,
    "not_handed_over",
    "Your organisation asks for two people: a preparer hands the filing over before it is signed.",
)


class FilingCheck(Endpoint):
    """What the checks say."""

    allowed = {"POST": (Permission.FILING_VIEW,)}

    @described(
        Operation(
            "filings_check",
            _TAG,
            "Check a version, or try lines",
            request=TriedLinesShape,
            request_example={},
            words="Without lines: the version as it stands. With lines: what would be said of them; nothing is stored.",
            creates=True,
            refusals=["not_found"],
            answers={200: Said(VerdictShape, "what the checks say", examples.VERDICT)},
        )
    )
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        filing = visible_filing(self.actor, filing_id)
        given = bodies.members(request, ("lines",))
        if given.get("lines") is None:
            return answer(shown.verdict_on(filing))
        rows = lines.rows_of(given["lines"], lines.about(filing))
        return answer(verdict_on_trial(self, filing.period, rows))


class FilingExplanations(Endpoint):
    """Explaining warnings."""

    allowed = {"POST": (Permission.FILING_PREPARE,)}

    @described(
        Operation(
            "filings_explain",
            _TAG,
            "Explain a warning",
            request=ExplanationShape,
            creates=True,
            words="Kept with the filing, read by the regulator. A second text takes the first one's place.",
            request_example={
                "code": "TRD001",
                "subject": examples.FAULT["subject"],
                "text": "A second shift began in May.",
            },
            refusals=[
                "not_found",
                HANDED_OVER,
                Refusal(
                    409,
                    "nothing_to_explain",
                    "This warning is no longer open: the lines have changed meanwhile.",
                ),
            ],
            answers={200: Said(JudgedFilingShape, "the draft", examples.JUDGED)},
        )
    )
    @acts
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        given = bodies.members(request, ("code", "subject", "text"))
        drafts.explain(
            by=self.actor,
            filing_id=filing_id,
            code=bodies.text(given, "code", longest=6, required=True),
            subject=bodies.text(given, "subject", longest=120, required=True),
            text=bodies.text(given, "text", longest=drafts.EXPLANATION_LONGEST, required=True),
        )
        return judged_answer(request, visible_filing(self.actor, filing_id))


class FilingHandOver(Endpoint):
    """To the certifier's desk."""

    allowed = {"POST": (Permission.FILING_PREPARE,)}

    @described(
        Operation(
            "filings_hand_over",
            _TAG,
            "Hand a draft over for signing",
            request=RevisionShape,
            request_example={"revision": 3},
            creates=True,
            matches=True,
            refusals=["not_found", *_OPEN.values()],
            answers={
                200: Said(
                    JudgedFilingShape,
                    "it waits for the certifier",
                    examples.JUDGED | {"status": "handed_over"},
                )
            },
        )
    )
    @acts
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        filing = _seen(self, request, filing_id)
        revision = _revision(request, filing)
        done = _or_faults(
            filing, lambda: drafts.hand_over(by=self.actor, filing_id=filing_id, revision=revision)
        )
        return judged_answer(request, done)


class FilingTakeBack(Endpoint):
    """From the certifier's desk."""

    allowed = {"POST": (Permission.FILING_PREPARE, Permission.FILING_SIGN)}

    @described(
        Operation(
            "filings_take_back",
            _TAG,
            "Make a draft of it again",
            creates=True,
            refusals=[
                "not_found",
                Refusal(
                    409,
                    "already_submitted",
                    "This version was submitted and cannot change. Begin an amendment instead.",
                ),
            ],
            answers={200: Said(JudgedFilingShape, "it is a draft again", examples.JUDGED)},
        )
    )
    @acts
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        visible_filing(self.actor, filing_id)
        return judged_answer(request, drafts.take_back(by=self.actor, filing_id=filing_id))


class FilingSubmit(Endpoint):
    """Certify and submit."""

    allowed = {"POST": (Permission.FILING_SIGN,)}

    @described(
        Operation(
            "filings_submit",
            _TAG,
            "Certify and submit",
            request=RevisionShape,
            request_example={"revision": 3},
            words="Signs in the name of the token's person: a certifier with a second factor, who gave the token the scope "
            "`filing.sign`. Say with If-Match or `revision` which state you read. A second call gives the same receipt.",
            creates=True,
            matches=True,
            refusals=["not_found", _TWO, *_OPEN.values()],
            answers={200: Said(ReceiptShape, "the receipt", examples.RECEIPT)},
        )
    )
    @acts
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        filing = visible_filing(self.actor, filing_id)
        if not filing.is_filed:
            filing = _seen(self, request, filing_id)
        revision = _revision(request, filing)
        done = _or_faults(
            filing, lambda: signing.submit(by=self.actor, filing_id=filing_id, revision=revision)
        )
        return answer(shown.receipt_of(done))


class FilingAmend(Endpoint):
    """The next version."""

    allowed = {"POST": (Permission.FILING_PREPARE, Permission.FILING_SIGN)}

    @described(
        Operation(
            "filings_amend",
            _TAG,
            "Begin an amendment",
            request=ReasonShape,
            creates=True,
            request_example={"reason": "The scales were calibrated on 28 May."},
            words="A new draft version with every line under its number. What was filed stays, and so does the time it was filed.",
            refusals=[
                "not_found",
                Refusal(409, "not_submitted", "This version is a draft: it can simply be changed."),
            ],
            answers={
                201: Said(
                    JudgedFilingShape, "the draft of the next version", examples.JUDGED | {"version": 2}
                )
            },
        )
    )
    @acts
    def post(self, request: Request, filing_id: int) -> HttpResponse:
        given = bodies.members(request, ("reason",))
        reason = bodies.text(given, "reason", longest=2_000, required=True)
        draft = signing.amend(by=self.actor, filing_id=filing_id, reason=reason)
        return judged_answer(request, visible_filing(self.actor, draft.pk), status=201)


def _seen(view: Endpoint, request: Request, filing_id: int) -> Filing:
    """The version as it stands, where that is what the caller read."""
    filing = visible_filing(view.actor, filing_id)
    require_match(request, shown.filing_tag(filing))
    return filing


def _revision(request: Request, filing: Filing) -> int:
    revision = bodies.whole(bodies.members(request, ("revision",)), "revision")
    return filing.revision if revision is None else revision


def _or_faults(filing: Filing, act: Callable[[], Filing]) -> Filing:
    """Do it; where faults stand in the way, the refusal says where each of them is."""
    try:
        return act()
    except Refused as refusal:
        if refusal.code not in _OPEN:
            raise
        faults = shown.verdict_on(filing)["faults"]
        wanted = "error" if refusal.code == "errors_open" else "warning"
        errors = [fault for fault in faults if fault["severity"] == wanted and not fault["explained"]]
        raise Problem(refusal.status, refusal.code, refusal.words(), errors=errors) from refusal
