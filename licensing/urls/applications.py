"""Addresses of an exporter's applications."""

from django.urls import URLPattern, path

from licensing.views import applications, drafting, evidence, papers

ONE = "licence-applications/<int:application_id>/"

urlpatterns: list[URLPattern] = [
    path("licence-applications/", applications.application_list, name="application_list"),
    path("licence-applications/start/", applications.application_start, name="application_start"),
    path(
        "licence-applications/requests/<int:request_id>/",
        applications.application_request,
        name="application_request",
    ),
    path("licence-applications/papers/<int:paper_id>/", papers.application_paper, name="application_paper"),
    path(ONE, applications.application_view, name="application_view"),
    path(f"{ONE}goods/", drafting.application_goods, name="application_goods"),
    path(f"{ONE}goods/<int:line_no>/", drafting.application_line, name="application_line"),
    path(f"{ONE}parties/", drafting.application_parties, name="application_parties"),
    path(f"{ONE}parties/<int:party_id>/", drafting.application_party, name="application_party"),
    path(f"{ONE}use/", drafting.application_use, name="application_use"),
    path(f"{ONE}documents/", drafting.application_documents, name="application_documents"),
    path(
        f"{ONE}documents/<int:paper_id>/remove/",
        drafting.application_paper_remove,
        name="application_paper_remove",
    ),
    path(f"{ONE}submit/", drafting.application_submit, name="application_submit"),
    path(f"{ONE}send/", drafting.application_send, name="application_send"),
    path(f"{ONE}copy/", applications.application_copy, name="application_copy"),
    path(f"{ONE}discard/", applications.application_discard, name="application_discard"),
    path(f"{ONE}withdraw/", applications.application_withdraw, name="application_withdraw"),
    path("evidence/<str:secret>/", evidence.evidence_give, name="evidence_give"),
]
