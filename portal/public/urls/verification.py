"""Addresses of verification: printed on receipts and licences as QR codes, so they stay."""

from django.urls import URLPattern, path

from portal.public.views import verification

urlpatterns: list[URLPattern] = [
    path("verify/", verification.verify, name="verify"),
    path("verify/how/", verification.verify_how, name="verify_how"),
    path("verify/verify_receipt.py", verification.verify_script, name="verify_script"),
    path("verify/verify_licence.py", verification.licence_script, name="verify_licence_script"),
    path("verify/licence-key.pem", verification.licence_key, name="licence_key"),
    path("verify/<str:proof>/", verification.verify_proof, name="verify_proof"),
]
