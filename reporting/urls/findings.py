"""Addresses of findings: the regulator's queue, and an organisation's own."""

from django.urls import URLPattern, path

from reporting.views import findings

urlpatterns: list[URLPattern] = [
    path("findings/", findings.own_finding_list, name="own_finding_list"),
    path("findings/<int:finding_id>/", findings.own_finding_view, name="own_finding_view"),
    path("supervision/findings/", findings.finding_list, name="finding_list"),
    path("supervision/findings/checks/", findings.check_precision, name="check_precision"),
    path("supervision/findings/decide/", findings.finding_decide, name="finding_decide"),
    path("supervision/findings/<int:finding_id>/", findings.finding_view, name="finding_view"),
    path("supervision/findings/<int:finding_id>/ask/", findings.finding_ask, name="finding_ask"),
]
