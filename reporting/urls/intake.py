"""Addresses of the files of a draft."""

from django.urls import URLPattern, path

from reporting.views import intake

urlpatterns: list[URLPattern] = [
    path("filings/<int:filing_id>/template.xlsx", intake.filing_template, name="filing_template"),
    path("filings/<int:filing_id>/lines.csv", intake.filing_csv, name="filing_csv"),
    path("filings/<int:filing_id>/upload/", intake.filing_upload, name="filing_upload"),
    path("filings/<int:filing_id>/paste/", intake.filing_paste, name="filing_paste"),
    path("filings/<int:filing_id>/uploads/<int:upload_id>/", intake.upload_view, name="upload_view"),
    path(
        "filings/<int:filing_id>/uploads/<int:upload_id>/annotated.xlsx",
        intake.upload_annotated,
        name="upload_annotated",
    ),
    path(
        "filings/<int:filing_id>/uploads/<int:upload_id>/original",
        intake.upload_original,
        name="upload_original",
    ),
    path("filings/<int:filing_id>/uploads/<int:upload_id>/apply/", intake.upload_apply, name="upload_apply"),
]
