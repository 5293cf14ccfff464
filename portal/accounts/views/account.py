"""One's own account: name, language, address, password, second factors, sessions."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import devices, guarding
from portal.accounts.forms.people import AddressForm, DetailsForm
from portal.accounts.forms.sign_in import (
    ActivateForm,
    ChangePasswordForm,
    ReauthenticateCodeForm,
    ReauthenticateForm,
)
from portal.accounts.queries import has_authenticator_app, memberships_of, passkeys_of, sessions_of
from portal.accounts.reauthentication import AFTER_SET_UP, require_recent
from portal.accounts.services import account as accounts
from portal.accounts.services import sign_in
from portal.accounts.views.waiting import SaysWhen
from portal.core.permissions import Permission, allow


@allow(Permission.SIGNED_IN)
def account_page(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = request.actor.user  # type: ignore[attr-defined]
    initial = {"name": user.label, "language": user.language}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        accounts.change_details(by=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("Saved."))
        return redirect("account_page")
    context = {
        "form": form,
        "held": memberships_of(user),
        "has_app": has_authenticator_app(user),
        "passkey_count": len(passkeys_of(user)),
        "session_count": len(sessions_of(user)),
    }
    return render(request, "accounts/account_page.html", context, status=422 if form.errors else 200)


@allow(Permission.SIGNED_IN)
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    return _session_list(request)


def _session_list(request: HttpRequest) -> HttpResponse:
    sessions = sessions_of(request.actor.user)  # type: ignore[attr-defined]
    rows = [_row(session, request.session.session_key) for session in sessions]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


def _row(session: UserSession, here: str | None) -> dict[str, Any]:
    return {"session": session, "here": session.session_key == here}


@allow(Permission.SIGNED_IN)
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one other session, or all others."""
    chosen = request.POST.get("session", "")
    if chosen == "others":
        actor = request.actor  # type: ignore[attr-defined]
        sign_in.end_sessions(by=actor, user=actor.user, keep=request.session.session_key)
        messages.success(request, _("You are signed out everywhere else."))
    elif chosen.isdigit() and sign_in.end_session(by=request.actor, session_id=int(chosen)):  # type: ignore[attr-defined]
        messages.success(request, _("That session is over."))
    return redirect("usersessions_list")


@allow(Permission.SIGNED_IN)
@require_recent
def address_ask(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address; a link sent there proves it."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        guarding.proof_of_address(request.actor.user)  # type: ignore[attr-defined]
        accounts.ask_new_address(by=request.actor, address=form.cleaned_data["email"])  # type: ignore[attr-defined]
        messages.info(request, _("A mail is on its way to the new address. Open the link in it to confirm."))
        return redirect("account_page")
    return render(request, "accounts/address_ask.html", {"form": form}, status=422 if form.errors else 200)


@allow(Permission.SIGNED_IN)
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: one press makes the address the account's."""
    if request.method == "POST":
        accounts.confirm_address(by=request.actor, token=token)  # type: ignore[attr-defined]
        messages.success(request, _("Your account has its new e-mail address."))
        return redirect("account_page")
    return render(request, "accounts/address_confirm.html", {"address": request.actor.user.email_asked})  # type: ignore[attr-defined]


class ChangePasswordView(SaysWhen, account.PasswordChangeView):
    """A new password ends every other session."""

    form_class = ChangePasswordForm

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        devices.remember(self.request, answer, self.request.user)
        return answer

    def get_success_url(self) -> str:
        return reverse("account_page")


class PasswordAgainView(SaysWhen, account.ReauthenticateView):
    """The password again, before what asks for proof."""

    form_class = ReauthenticateForm


class CodeAgainView(SaysWhen, second_factor.ReauthenticateView):
    """A code in place of the password."""

    form_class = ReauthenticateCodeForm


class ActivateView(totp.ActivateTOTPView):
    """Setting up the authenticator app; the session may do more from then on and has another number."""

    form_class = ActivateForm

    def form_valid(self, form: ActivateForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        sign_in.renew_session(session=self.request.session)
        return answer


class RecoveryCodesView(recovery_codes.ViewRecoveryCodesView):
    """The codes, and the way on to where one was."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context = self.get_context_data(**kwargs)
        context["go_on"] = request.session.get(AFTER_SET_UP) or reverse("home")
        answer: HttpResponseBase = self.render_to_response(context)
        return answer
