"""``licence-applications/``: applied for by software as on the pages, by the same forms and services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from licensing.api import application_shapes as shapes
from licensing.api.application_values import (
    CONTENT,
    plain_application,
    plain_paper,
    sent_of,
    tag_of,
    whole_application,
)
from licensing.models import Application, ApplicationStatus, LicenceKind, PaperKind, Purpose
from licensing.queries.applications import own_application, own_applications, renewable
from licensing.services import applications, papers, requests, sending, submitting
from portal.core.api import bodies, paging
from portal.core.api.bodies import StrictJson
from portal.core.api.endpoint import Endpoint, acts, address, answer, nothing
from portal.core.api.problems import Fault, invalid
from portal.core.api.schema import Operation, Refusal, Said, code_parameter, described, page_of
from portal.core.api.tags import answered_with, require_match
from portal.core.permissions import Permission

_TAG = "Licence applications"
READ, APPLY, SUBMIT = (Permission.LICENCE_VIEW,), (Permission.LICENCE_APPLY,), (Permission.LICENCE_SUBMIT,)
SENT: Final = Refusal(
    409, "already_submitted", "This application was submitted and cannot change. Answer requests instead."
)
INCOMPLETE: Final = Refusal(409, "incomplete", "Something is missing still: 2 in all.")
WHOLE: Final = Said(shapes.WholeApplicationShape, "the application", shapes.WHOLE_EXAMPLE)


class ApplicationList(Endpoint):
    """Your organisation's applications."""

    allowed = {"GET": READ, "POST": APPLY}

    @described(
        Operation(
            "applications_list",
            _TAG,
            "Your applications, the latest first",
            paged=True,
            query=[code_parameter("status", "in this state", ApplicationStatus.values)],
            answers={
                200: Said(
                    page_of(shapes.ApplicationShape), "a page", {"results": [shapes.EXAMPLE], "next": None}
                )
            },
        )
    )
    def get(self, request: Request) -> HttpResponse:
        rows = own_applications(self.actor)
        if (status := request.query_params.get("status")) is not None:
            if status not in ApplicationStatus.values:
                codes = ", ".join(ApplicationStatus.values)
                raise paging.bad_query("status", _("Choose one of: %(codes)s.") % {"codes": codes})
            rows = rows.filter(status=status)
        return answer(paging.page(request, rows, ("-id",), _plain))

    @described(
        Operation(
            "applications_begin",
            _TAG,
            "Begin an application",
            words="New, with `copy_of` as a copy, or with `purpose` and `licence_no` about a licence. What is missing stands "
            "under `lacks`; nothing is submitted.",
            request=shapes.NewApplicationShape,
            request_example={"kind": "individual", **shapes.CONTENT_EXAMPLE},
            creates=True,
            refusals=["not_found"],
            answers={201: Said(shapes.WholeApplicationShape, "the draft", shapes.WHOLE_EXAMPLE)},
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        given = bodies.members(request, ("kind", "purpose", "licence_no", "copy_of", *CONTENT))
        kind = bodies.text(given, "kind", longest=20) or LicenceKind.INDIVIDUAL.value
        purpose = bodies.text(given, "purpose", longest=20) or Purpose.NEW.value
        copy_of = bodies.whole(given, "copy_of")
        _one_of("kind", kind, LicenceKind.values)
        _one_of("purpose", purpose, Purpose.values)
        licence_id = self._licence(given, purpose)
        sent = sent_of(given, self.actor, Application(kind=kind, purpose=purpose))
        draft = sending.begin(
            by=self.actor, kind=kind, purpose=purpose, licence_id=licence_id, sent=sent, copy_of=copy_of
        )
        return _whole(request, self, draft.pk, 201)

    def _licence(self, given: dict[str, Any], purpose: str) -> int | None:
        number = bodies.text(given, "licence_no", longest=60)
        if purpose == Purpose.NEW:
            return None
        found = renewable(self.actor).filter(licence_no=number).first()
        if found is None:
            raise invalid([Fault("/licence_no", "unknown_licence", _("There is no such licence here."))])
        return found.pk


class ApplicationItem(Endpoint):
    """One application."""

    allowed = {"GET": READ, "PUT": APPLY, "DELETE": APPLY}

    @described(
        Operation("applications_read", _TAG, "One application", refusals=["not_found"], answers={200: WHOLE})
    )
    def get(self, request: Request, application_id: int) -> HttpResponse:
        return _whole(request, self, application_id)

    @described(
        Operation(
            "applications_replace",
            _TAG,
            "Change a draft",
            words="Goods and parties that are sent take the place of those that stood there; what is not sent stays.",
            request=shapes.ApplicationContentShape,
            request_example=shapes.CONTENT_EXAMPLE,
            matches=True,
            refusals=["not_found", SENT],
            answers={200: WHOLE},
        )
    )
    @acts
    def put(self, request: Request, application_id: int) -> HttpResponse:
        draft = own_application(self.actor, application_id)
        require_match(request, tag_of(draft))
        given = bodies.members(request, CONTENT)
        sending.replace(by=self.actor, application_id=draft.pk, sent=sent_of(given, self.actor, draft))
        return _whole(request, self, application_id)

    @described(
        Operation(
            "applications_discard",
            _TAG,
            "Throw a draft away",
            matches=True,
            refusals=["not_found", SENT],
            answers={204: Said(None, "gone")},
        )
    )
    @acts
    def delete(self, request: Request, application_id: int) -> HttpResponse:
        require_match(request, tag_of(own_application(self.actor, application_id)))
        applications.discard(by=self.actor, application_id=application_id)
        return nothing()


class ApplicationPapers(Endpoint):
    """Papers of a draft."""

    allowed = {"POST": APPLY}
    parser_classes: Sequence[type[BaseParser]] = (StrictJson, MultiPartParser)

    @described(
        Operation(
            "applications_paper",
            _TAG,
            "Hand a paper in",
            words="PDF, PNG, JPEG, DOCX or XLSX by its content, up to 25 MB.",
            request={"multipart/form-data": shapes.PaperSentShape},
            creates=True,
            refusals=["not_found", SENT],
            answers={
                201: Said(
                    shapes.PaperKeptShape,
                    "it is kept",
                    {
                        "id": 3,
                        "kind": "contract",
                        "name": "contract.pdf",
                        "size": 48_213,
                        "sha256": "3b1c" * 16,
                        "scan": "clean",
                    },
                )
            },
        )
    )
    @acts
    def post(self, request: Request, application_id: int) -> HttpResponse:
        own_application(self.actor, application_id)
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise invalid([Fault("/file", "required", _("Send the file as the part “file”."))])
        kind = request.POST.get("kind", "")
        _one_of("kind", kind, PaperKind.values)
        papers.too_large(file.size or 0)
        paper = papers.add_paper(
            by=self.actor, application_id=application_id, kind=kind, name=file.name or "", data=file.read()
        )
        return answer(plain_paper(paper), 201)


class ApplicationSubmit(Endpoint):
    """Give the undertakings and submit."""

    allowed = {"POST": SUBMIT}

    @described(
        Operation(
            "applications_submit",
            _TAG,
            "Submit",
            words="In the name of the token's person: a certifier with a second factor, who gave the token the scope "
            "`licence.submit`. A second call gives the same application.",
            request=shapes.SubmitShape,
            request_example={
                "undertakings": ["true", "end_use", "no_transfer", "no_weapons", "records"],
                "revision": 5,
            },
            creates=True,
            matches=True,
            refusals=["not_found", INCOMPLETE],
            answers={200: WHOLE},
        )
    )
    @acts
    def post(self, request: Request, application_id: int) -> HttpResponse:
        application = own_application(self.actor, application_id)
        given = bodies.members(request, ("undertakings", "revision"))
        named = given.get("undertakings")
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise invalid([Fault("/undertakings", "not_a_list", _("Send a list of codes."))])
        if application.is_draft:
            require_match(request, tag_of(application))
        revision = bodies.whole(given, "revision")
        submitting.submit(
            by=self.actor,
            application_id=application_id,
            revision=application.revision if revision is None else revision,
            undertakings=named,
        )
        return _whole(request, self, application_id)


class ApplicationWithdraw(Endpoint):
    """Take it back."""

    allowed = {"POST": SUBMIT}

    @described(
        Operation(
            "applications_withdraw",
            _TAG,
            "Withdraw",
            request=shapes.WithdrawShape,
            request_example={"reason": "The client cancelled the order."},
            creates=True,
            refusals=[
                "not_found",
                Refusal(409, "state_differs", "The application is “decided” now, so this cannot be done."),
            ],
            answers={200: WHOLE},
        )
    )
    @acts
    def post(self, request: Request, application_id: int) -> HttpResponse:
        own_application(self.actor, application_id)
        given = bodies.members(request, ("reason",))
        reason = bodies.text(given, "reason", longest=2_000, required=True)
        submitting.withdraw(by=self.actor, application_id=application_id, reason=reason)
        return _whole(request, self, application_id)


class ApplicationAnswer(Endpoint):
    """Answer a request."""

    allowed = {"POST": APPLY}

    @described(
        Operation(
            "applications_answer",
            _TAG,
            "Answer a request for information",
            request=shapes.AnswerShape,
            request_example={"text": "The assay is 1.2 % Dy."},
            creates=True,
            refusals=[
                "not_found",
                Refusal(409, "request_closed", "Nothing is asked here any more. Nothing more is needed."),
            ],
            answers={200: WHOLE},
        )
    )
    @acts
    def post(self, request: Request, request_id: int) -> HttpResponse:
        given = bodies.members(request, ("text",))
        text = bodies.text(given, "text", longest=5_000, required=True)
        done = requests.answer(by=self.actor, request_id=request_id, text=text)
        return _whole(request, self, done.application_id)


def _one_of(name: str, code: str, codes: Sequence[str]) -> None:
    if code not in codes:
        words = _("Choose one of: %(codes)s.") % {"codes": ", ".join(codes)}
        raise invalid([Fault(f"/{name}", "unknown_code", words)])


def _plain(rows: Sequence[Application]) -> list[dict[str, Any]]:
    return [plain_application(row) for row in rows]


def _whole(request: Request, view: Endpoint, application_id: int, status: int = 200) -> HttpResponse:
    application = own_application(view.actor, application_id)
    headers = {}
    if status == 201:
        headers["Location"] = address(request, reverse("api_application", args=[application.pk]))
    return answered_with(
        request, answer(whole_application(application), status, headers), tag_of(application)
    )
