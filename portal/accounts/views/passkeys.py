"""Passkeys: added, named, taken away, and used to sign in or to prove oneself again."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.accounts import guarding
from portal.accounts.forms.passkeys import (
    AddPasskeyForm,
    LoginPasskeyForm,
    ReauthenticatePasskeyForm,
    RenamePasskeyForm,
)
from portal.accounts.queries import may_lose, passkeys_of
from portal.accounts.reauthentication import require_recent
from portal.accounts.services import passkeys, sign_in
from portal.core.permissions import Permission, allow


class AddPasskeyView(webauthn.AddWebAuthnView):
    """A new passkey; with the first second factor of a person come recovery codes.

    The session may do more from then on and has another number.
    """

    form_class = AddPasskeyForm
    template_name = "accounts/passkey_add.html"

    def form_valid(self, form: AddPasskeyForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        sign_in.renew_session(session=self.request.session)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """It is kept on the device where that can be done, so that it serves to sign in without a name, too."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = dict(context["js_data"]["creation_options"]["publicKey"])
        asked["authenticatorSelection"] = {"residentKey": "preferred", "userVerification": "preferred"}
        return {**context, **kwargs, "options": {"publicKey": asked}}


def _mine(request: HttpRequest, passkey_id: int) -> Authenticator:
    found = passkeys_of(request.actor.user)  # type: ignore[attr-defined]
    passkey = next((passkey for passkey in found if passkey.pk == passkey_id), None)
    if passkey is None:
        raise Http404
    return passkey


@allow(Permission.SIGNED_IN)
@require_recent
def passkey_rename(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Call it otherwise."""
    passkey = _mine(request, passkey_id)
    form = RenamePasskeyForm(request.POST or None, initial={"name": passkey.wrap().name})
    if form.is_bound and form.is_valid():
        passkeys.rename(by=request.actor, passkey_id=passkey_id, name=form.cleaned_data["name"])  # type: ignore[attr-defined]
        messages.success(request, _("Saved."))
        return redirect("mfa_index")
    context = {"form": form, "passkey": passkey.wrap()}
    return render(request, "accounts/passkey_rename.html", context, status=422 if form.errors else 200)


@allow(Permission.SIGNED_IN)
@reauthentication_required(app="allauth.mfa")
def passkey_remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Take it away; refused where the person's roles rest on it."""
    passkey = _mine(request, passkey_id)
    may = may_lose(passkey)
    if request.method == "POST" and may:
        flows.remove_authenticator(request, passkey)
        return redirect("mfa_index")
    context = {"passkey": passkey.wrap(), "may": may}
    status = 409 if request.method == "POST" else 200
    return render(request, "accounts/passkey_remove.html", context, status=status)


class LoginPasskeyView(webauthn.LoginWebAuthnView):
    """Signing in by passkey alone. A GET by script answers what the browser is to ask of it."""

    form_class = LoginPasskeyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        guarding.passkey(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: LoginPasskeyForm) -> HttpResponse:
        """Back to the page of signing in, and on from there to where one wanted to go."""
        messages.error(self.request, str(get_adapter().error_messages["incorrect_passkey"]))
        wanted = get_next_redirect_url(self.request)
        return redirect(
            f"{reverse('account_login')}?{urlencode({'next': wanted})}" if wanted else "account_login"
        )


class ReauthenticatePasskeyView(webauthn.ReauthenticateWebAuthnView):
    """The passkey again, before what asks for proof."""

    form_class = ReauthenticatePasskeyForm
    template_name = "accounts/passkey_again.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            guarding.passkey(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, **kwargs, "options": context["js_data"]["request_options"]}

    def form_invalid(self, form: ReauthenticatePasskeyForm) -> HttpResponse:
        """The page again, with what was wrong: what was interrupted is still kept."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer
