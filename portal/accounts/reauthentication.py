"""Proving again who one is, before what must not be done by a stranger at an open desk."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.accounts.queries import has_second_factor
from portal.core.permissions import View

AFTER_SET_UP = "after_second_factor"  # session key: where to go on once the authenticator is set up


def require_recent(view: View) -> View:
    """Answer only who gave the password or a code again within five minutes; stands under ``@allow``.

    Others are asked for it and come back where they were. A POST that was interrupted is kept in the session
    and carried out then, so that nothing typed is lost (files of an upload are not kept).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


recently_authenticated = require_recent


def require_second_factor(view: View) -> View:
    """Answer only who has set up an authenticator app or a passkey; others are sent to do so, and come back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_second_factor(request.user):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        if request.method == "GET":
            request.session[AFTER_SET_UP] = request.get_full_path()
        messages.info(
            request, _("This step asks for a second factor. Set up an authenticator app or a passkey first.")
        )
        return redirect("mfa_activate_totp")

    return guarded
