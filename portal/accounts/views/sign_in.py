"""The doors: signing in, and what the demonstration shows there; language; which organisation one acts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from portal.accounts import demonstration, devices, guarding
from portal.accounts.forms.passkeys import AuthenticatePasskeyForm
from portal.accounts.forms.sign_in import (
    AuthenticateForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from portal.accounts.queries import (
    ACTIVE_ORGANISATION,
    demonstration_accounts,
    has_authenticator_app,
    passkeys_of,
)
from portal.accounts.receivers import LANGUAGE_CHOSEN
from portal.accounts.services.account import choose_language as speak
from portal.accounts.views.waiting import SaysWhen
from portal.core.permissions import Permission, allow, public


@dataclass(frozen=True)
class Shown:
    """One line of the demonstration's table: who, where, and the code that is right now."""

    username: str
    name: str
    place: Any
    roles: tuple[Any, ...]
    code: demonstration.Code


def _shown() -> list[Shown]:
    if not settings.DEMONSTRATION:
        return []
    return [
        Shown(user.username, user.label, place, roles, demonstration.code_of(user.username))
        for user, place, roles in demonstration_accounts()
    ]


class LoginView(SaysWhen, account.LoginView):
    """User name and password. In the demonstration ``?as=NAME`` fills both in."""

    form_class = LoginForm

    def get_initial(self) -> dict[str, Any]:
        chosen = self.request.GET.get("as", "")
        if any(person.username == chosen for person in _shown()):
            return {"login": chosen, "password": demonstration.PASSWORD}
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "people": _shown(), "demonstration_password": demonstration.PASSWORD}


class AuthenticateView(SaysWhen, second_factor.AuthenticateView):
    """The second factor. In the demonstration the page says which code the person's app would show."""

    form_class = AuthenticateForm
    webauthn_form_class = AuthenticatePasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        context["has_app"] = has_authenticator_app(user)
        if passkeys_of(user):
            context["options"] = context["js_data"]["request_options"]
        if settings.DEMONSTRATION and demonstration.is_one(user):
            context["demonstration_code"] = demonstration.code_of(user.username)
        return context


class ResetPasswordView(account.PasswordResetView):
    """Ask for a link; the answer is the same whether there is such an account."""

    form_class = ResetPasswordForm

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        guarding.reset(self.request, form.cleaned_data["email"])
        answer: HttpResponse = super().form_valid(form)
        return answer


class NewPasswordView(account.PasswordResetFromKeyView):
    """A new password by the link. Whoever reads the mailbox is no stranger in this browser any more."""

    form_class = ResetPasswordKeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        guarding.link(request)
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        devices.remember(self.request, answer, self.reset_user)
        return answer


@public(reason="everybody chooses a language")
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """The language of this browser and, once signed in, of the account."""
    code = request.POST.get("language", "")
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            speak(by=request.actor, language=code)  # type: ignore[attr-defined]
        else:
            request.session[LANGUAGE_CHOSEN] = code
    return set_language(request)


@allow(Permission.SIGNED_IN)
@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponseBase:
    """From now on act for another of one's organisations."""
    chosen = request.POST.get("organisation", "")
    mine = {str(organisation.pk): organisation for organisation in request.actor.organisations}  # type: ignore[attr-defined]
    if chosen in mine:
        request.session[ACTIVE_ORGANISATION] = mine[chosen].pk
        messages.success(request, _("You now act for %(name)s.") % {"name": mine[chosen].name})
    else:
        messages.error(request, _("You hold no role in that organisation any more."))
    return redirect("home")
