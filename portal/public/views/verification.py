"""Public verification of receipts and licences: true or not, and in force or not; nothing else."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from licensing.documents.licences import public_key_pem
from portal.core.permissions import public
from portal.public.forms.verification import ProofForm
from portal.public.queries.verification import verified, verified_licence

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify_receipt.py"
LICENCE_SCRIPT = SCRIPT.with_name("verify_licence.py")


@public(reason="anybody who is shown a receipt may check it; what is typed goes by POST")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a number or a digest."""
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("verify_proof", form.cleaned_data["proof"])
    return render(request, "public/verify.html", {"form": form}, status=422 if form.errors else 200)


@public(
    reason="the code of a receipt or a licence leads here; a status is shown, no organisation and no trade data"
)
@require_safe
def verify_proof(request: HttpRequest, proof: str) -> HttpResponse:
    """What is known of one receipt or licence."""
    found = verified(proof)
    licence = None if found else verified_licence(proof)
    page = "public/verify_licence.html" if licence else "public/verify_proof.html"
    context = {"proof": proof[:100], "found": found, "licence": licence}
    response = render(request, page, context, status=200 if found or licence else 404)
    add_never_cache_headers(response)
    return response


@public(reason="a digest convinces only who can compute it without us")
@require_safe
def verify_how(request: HttpRequest) -> HttpResponse:
    """How to compute the SHA-256 oneself."""
    return render(request, "public/verify_how.html")


@public(reason="the script that recomputes a digest; it is part of the documentation")
@require_safe
def verify_script(request: HttpRequest) -> FileResponse:
    """The script as a file."""
    return FileResponse(
        SCRIPT.open("rb"), as_attachment=True, filename=SCRIPT.name, content_type="text/x-python"
    )


@public(reason="a licence's signature is checked with it, without asking us")
@require_safe
def licence_key(request: HttpRequest) -> HttpResponse:
    """The public key by which licences are checked."""
    answer = HttpResponse(public_key_pem(), content_type="application/x-pem-file")
    answer.headers["Content-Disposition"] = 'attachment; filename="licence-key.pem"'
    return answer


@public(reason="the script that checks a licence's code; it is part of the documentation")
@require_safe
def licence_script(request: HttpRequest) -> FileResponse:
    """The script as a file."""
    return FileResponse(
        LICENCE_SCRIPT.open("rb"),
        as_attachment=True,
        filename=LICENCE_SCRIPT.name,
        content_type="text/x-python",
    )
