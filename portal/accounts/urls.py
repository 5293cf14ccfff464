"""Addresses. Of allauth's views only those that the portal uses stand here, each with who may."""

from __future__ import annotations

from allauth.account import views as allauth_account
from allauth.mfa.base import views as allauth_codes
from allauth.mfa.recovery_codes import views as allauth_recovery_codes
from allauth.mfa.totp import views as allauth_totp
from django.urls import URLPattern, path

from portal.accounts.views import (
    account,
    enrolment,
    members,
    offices,
    passkeys,
    recoveries,
    sign_in,
    tokens,
    trail,
)
from portal.core.permissions import Permission, allow, public

own = allow(Permission.SIGNED_IN)
entrance = public(reason="whoever signs in is not signed in yet")
forgotten = public(reason="who forgot the password cannot sign in; the link of the mail is the proof")

_SIGN_IN: list[URLPattern] = [
    path("sign-in/", entrance(sign_in.LoginView.as_view()), name="account_login"),
    path("sign-in/code/", entrance(sign_in.AuthenticateView.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", entrance(passkeys.LoginPasskeyView.as_view()), name="mfa_login_webauthn"),
    path("sign-in/not-active/", entrance(allauth_account.account_inactive), name="account_inactive"),
    path("sign-in/lost-second-factor/", recoveries.recovery_ask, name="recovery_ask"),
    path("sign-in/lost-second-factor/received/", recoveries.recovery_received, name="recovery_received"),
    path(
        "sign-in/password/",
        forgotten(sign_in.ResetPasswordView.as_view()),
        name="account_reset_password",
    ),
    path(
        "sign-in/password/sent/",
        forgotten(allauth_account.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "sign-in/password/<str:uidb36>/<str:key>/",
        forgotten(sign_in.NewPasswordView.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/password/changed/",
        forgotten(allauth_account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path(
        "sign-out/",
        public(reason="signing out needs no right; it does nothing for a stranger")(allauth_account.logout),
        name="account_logout",
    ),
    path("language/", sign_in.choose_language, name="set_language"),
    path("organisation/switch/", sign_in.switch_organisation, name="switch_organisation"),
]

_ACCOUNT: list[URLPattern] = [
    path("account/", account.account_page, name="account_page"),
    path("account/password/", own(account.ChangePasswordView.as_view()), name="account_change_password"),
    path("account/address/", account.address_ask, name="account_address_ask"),
    path("account/address/<str:token>/", account.address_confirm, name="account_address_confirm"),
    path("account/tokens/", tokens.token_list, name="token_list"),
    path("account/tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("account/sessions/", account.session_list, name="usersessions_list"),
    path("account/sessions/end/", account.session_end, name="session_end"),
    path("account/again/", own(account.PasswordAgainView.as_view()), name="account_reauthenticate"),
    path("account/again/code/", own(account.CodeAgainView.as_view()), name="mfa_reauthenticate"),
    path(
        "account/again/passkey/",
        own(passkeys.ReauthenticatePasskeyView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-factor/", own(allauth_codes.index), name="mfa_index"),
    path("account/second-factor/app/", own(account.ActivateView.as_view()), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", own(allauth_totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/passkey/", own(passkeys.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:passkey_id>/", passkeys.passkey_rename, name="passkey_rename"),
    path(
        "account/second-factor/passkeys/<int:passkey_id>/remove/",
        passkeys.passkey_remove,
        name="passkey_remove",
    ),
    path(
        "account/second-factor/codes/",
        own(account.RecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-factor/codes/new/",
        own(allauth_recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/codes/download/",
        own(allauth_recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

_ORGANISATION: list[URLPattern] = [
    path("enrol/", enrolment.enrol, name="enrol"),
    path("enrol/received/", enrolment.enrol_received, name="enrol_received"),
    path("invitations/<str:token>/", members.invitation_accept, name="invitation_accept"),
    path("organisation/", members.own_organisation, name="own_organisation"),
    path("organisation/signing/", members.separation_set, name="separation_set"),
    path("people/", members.member_list, name="member_list"),
    path("people/invite/", members.invitation_make, name="invitation_make"),
    path(
        "people/invitations/<int:invitation_id>/revoke/", members.invitation_revoke, name="invitation_revoke"
    ),
    path("people/<int:user_id>/", members.member_page, name="member_page"),
    path("people/<int:user_id>/remove/", members.member_remove, name="member_remove"),
    path("trail/", trail.own_trail, name="own_trail"),
]

_SUPERVISION: list[URLPattern] = [
    path("supervision/enrolments/", enrolment.enrolment_list, name="enrolment_list"),
    path("supervision/enrolments/<int:enrolment_id>/", enrolment.enrolment_page, name="enrolment_page"),
    path(
        "supervision/enrolments/<int:enrolment_id>/decide/",
        enrolment.enrolment_decide,
        name="enrolment_decide",
    ),
    path("supervision/recoveries/", recoveries.recovery_list, name="recovery_list"),
    path("supervision/recoveries/<int:recovery_id>/", recoveries.recovery_page, name="recovery_page"),
    path(
        "supervision/recoveries/<int:recovery_id>/decide/", recoveries.recovery_decide, name="recovery_decide"
    ),
    path("supervision/customs-office/", offices.customs_first, name="customs_first"),
    path("supervision/trail/", trail.whole_trail, name="trail"),
]

urlpatterns: list[URLPattern] = [*_SIGN_IN, *_ACCOUNT, *_ORGANISATION, *_SUPERVISION]
