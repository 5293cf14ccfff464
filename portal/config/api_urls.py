"""Addresses of the API, under ``/api/v1/``. They stay: others script against them."""

from __future__ import annotations

from threading import Lock
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from licensing.api import applications, declarations, export_checks, licences
from licensing.api.classifications import ClassificationList
from portal.contact import api as hooks
from portal.core.api.endpoint import AlwaysJson, Endpoint
from portal.core.api.problems import Problem, answer_to
from portal.core.permissions import public
from portal.public.api import Verification
from portal.registry.api import counterparties, lots, products
from reporting.api import duties, filings, jobs, moves


class Anything:
    """Whatever stands in an address, line breaks too."""

    regex = "(?s:.*)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Anything, "anything")


class Nowhere(Endpoint):
    """Every address that is none."""

    reason_public = "says that there is no such address"
    schema = None

    def _refuse(self, request: Request, rest: str) -> HttpResponse:
        raise Problem(404, "not_found", _("There is no such address. Each one ends with a slash."))

    get = post = put = patch = delete = _refuse


class Reading:
    """What the two views of the document share with the API's own addresses."""

    permission_classes: Any = ()
    content_negotiation_class: type[BaseContentNegotiation] = AlwaysJson

    def get_exception_handler(self) -> Any:
        return answer_to


class Docs(Reading, SpectacularSwaggerSplitView):  # type: ignore[misc]
    """Swagger UI from the installed package: page and script apart, so that the strict CSP holds."""

    template_name = "api/docs.html"
    url_name = "api_schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        answer.headers.pop(
            "Cross-Origin-Opener-Policy", None
        )  # the package loosens it for sign-in elsewhere: not here
        return answer


class Document(Reading, SpectacularJSONAPIView):  # type: ignore[misc]
    """The OpenAPI document, made once in each language by each process."""

    _one_at_a_time = Lock()
    _made: ClassVar[dict[str | None, dict[str, Any]]] = {}

    def _get_schema_response(self, request: Request) -> Response:
        # the package's generator keeps state of the whole module: two at a time fail in each other's way
        spoken = get_language()
        with self._one_at_a_time:
            if spoken not in self._made:
                self._made[spoken] = super()._get_schema_response(request).data  # type: ignore[no-untyped-call]
        return Response(
            self._made[spoken], headers={"Content-Disposition": 'inline; filename="lodestone.json"'}
        )


document = public(reason="companies' programmers read it before they have a token")

urlpatterns: list[URLPattern] = [
    path("obligations/", duties.ObligationList.as_view(), name="api_obligations"),
    path("products/", products.ProductList.as_view(), name="api_products"),
    path("products/<path:product_code>/", products.ProductItem.as_view(), name="api_product"),
    path("lots/", lots.LotList.as_view(), name="api_lots"),
    path("lots/<str:batch>/<path:product_code>/", lots.LotItem.as_view(), name="api_lot"),
    path("counterparties/", counterparties.CounterpartyList.as_view(), name="api_counterparties"),
    path(
        "counterparties/<path:counterparty_code>/",
        counterparties.CounterpartyItem.as_view(),
        name="api_counterparty",
    ),
    path("filings/", filings.FilingList.as_view(), name="api_filings"),
    path("filings/<int:filing_id>/", filings.FilingItem.as_view(), name="api_filing"),
    path("filings/<int:filing_id>/check/", moves.FilingCheck.as_view(), name="api_filing_check"),
    path(
        "filings/<int:filing_id>/explanations/", moves.FilingExplanations.as_view(), name="api_filing_explain"
    ),
    path("filings/<int:filing_id>/hand-over/", moves.FilingHandOver.as_view(), name="api_filing_hand_over"),
    path("filings/<int:filing_id>/take-back/", moves.FilingTakeBack.as_view(), name="api_filing_take_back"),
    path("filings/<int:filing_id>/submit/", moves.FilingSubmit.as_view(), name="api_filing_submit"),
    path("filings/<int:filing_id>/amend/", moves.FilingAmend.as_view(), name="api_filing_amend"),
    path("findings/", duties.FindingList.as_view(), name="api_findings"),
    path("findings/<int:finding_id>/answer/", duties.FindingAnswer.as_view(), name="api_finding_answer"),
    path("questions/", duties.QuestionList.as_view(), name="api_questions"),
    path("questions/<int:question_id>/answer/", duties.QuestionAnswer.as_view(), name="api_question_answer"),
    path("licence-applications/", applications.ApplicationList.as_view(), name="api_applications"),
    path(
        "licence-applications/requests/<int:request_id>/answer/",
        applications.ApplicationAnswer.as_view(),
        name="api_application_answer",
    ),
    path(
        "licence-applications/<int:application_id>/",
        applications.ApplicationItem.as_view(),
        name="api_application",
    ),
    path(
        "licence-applications/<int:application_id>/documents/",
        applications.ApplicationPapers.as_view(),
        name="api_application_papers",
    ),
    path(
        "licence-applications/<int:application_id>/submit/",
        applications.ApplicationSubmit.as_view(),
        name="api_application_submit",
    ),
    path(
        "licence-applications/<int:application_id>/withdraw/",
        applications.ApplicationWithdraw.as_view(),
        name="api_application_withdraw",
    ),
    path("licences/", licences.LicenceList.as_view(), name="api_licences"),
    path("licences/<str:licence_no>/", licences.LicenceItem.as_view(), name="api_licence"),
    path("licences/<str:licence_no>/balance/", licences.LicenceBalance.as_view(), name="api_licence_balance"),
    path(
        "licences/<str:licence_no>/movements/",
        licences.LicenceMovements.as_view(),
        name="api_licence_movements",
    ),
    path("export-checks/", export_checks.ExportCheckList.as_view(), name="api_export_checks"),
    path("declarations/", declarations.DeclarationList.as_view(), name="api_declarations"),
    path(
        "declarations/<str:declaration_no>/<int:item_no>/",
        declarations.DeclarationItem.as_view(),
        name="api_declaration",
    ),
    path("classifications/", ClassificationList.as_view(), name="api_classifications"),
    path("webhooks/", hooks.WebhookList.as_view(), name="api_webhooks"),
    path("webhooks/<int:webhook_id>/", hooks.WebhookItem.as_view(), name="api_webhook"),
    path("jobs/<int:job_id>/", jobs.JobItem.as_view(), name="api_job"),
    path("verify/<str:proof>/", Verification.as_view(), name="api_verify"),
    path("schema/", document(Document.as_view()), name="api_schema"),
    path("docs/", document(Docs.as_view()), name="api_docs"),
    path("<anything:rest>", Nowhere.as_view(), name="api_nowhere"),
]
