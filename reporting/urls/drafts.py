"""Addresses of filings as their organisation works on them."""

from django.urls import URLPattern, path

from reporting.views import drafts, line_table

urlpatterns: list[URLPattern] = [
    path("filings/", drafts.filing_list, name="filing_list"),
    path("filings/start/", drafts.filing_start, name="filing_start"),
    path("filings/<int:filing_id>/", drafts.filing_view, name="filing_view"),
    path("filings/<int:filing_id>/edit/", line_table.filing_edit, name="filing_edit"),
    path("filings/<int:filing_id>/lines/", line_table.filing_lines, name="filing_lines"),
    path("filings/<int:filing_id>/faults/", line_table.filing_faults, name="filing_faults"),
    path("filings/<int:filing_id>/explain/", drafts.filing_explain, name="filing_explain"),
    path("filings/<int:filing_id>/read-again/", drafts.filing_reread, name="filing_reread"),
    path("filings/<int:filing_id>/remove-blank/", drafts.filing_remove_blank, name="filing_remove_blank"),
    path("filings/<int:filing_id>/hand-over/", drafts.filing_hand_over, name="filing_hand_over"),
    path("filings/<int:filing_id>/take-back/", drafts.filing_take_back, name="filing_take_back"),
    path("filings/<int:filing_id>/discard/", drafts.filing_discard, name="filing_discard"),
]
