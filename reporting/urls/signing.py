"""Addresses of signing, receipts and versions."""

from django.urls import URLPattern, path

from reporting.views import signing, versions

urlpatterns: list[URLPattern] = [
    path("filings/<int:filing_id>/sign/", signing.filing_sign, name="filing_sign"),
    path("filings/<int:filing_id>/receipt/", signing.filing_receipt, name="filing_receipt"),
    path("filings/<int:filing_id>/receipt.pdf", signing.filing_receipt_pdf, name="filing_receipt_pdf"),
    path("filings/<int:filing_id>/canonical.json", signing.filing_canonical, name="filing_canonical"),
    path("filings/<int:filing_id>/amend/", versions.filing_amend, name="filing_amend"),
    path("filings/<int:filing_id>/withdraw/", versions.filing_withdraw, name="filing_withdraw"),
    path("filings/<int:filing_id>/compare/", versions.filing_compare, name="filing_compare"),
    path("filings/<str:period>/nil/", signing.filing_nil, name="filing_nil"),
]
