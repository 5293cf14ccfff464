"""Addresses of reporting, a module a topic."""

from __future__ import annotations

from reporting.urls import (
    drafts,
    findings,
    intake,
    list_exports,
    lots,
    obligations,
    oversight,
    review,
    signing,
    sweeps,
)

urlpatterns = [
    *drafts.urlpatterns,
    *intake.urlpatterns,
    *signing.urlpatterns,
    *obligations.urlpatterns,
    *oversight.urlpatterns,
    *review.urlpatterns,
    *findings.urlpatterns,
    *sweeps.urlpatterns,
    *list_exports.urlpatterns,
    *lots.urlpatterns,
]
