"""Django's stock admin, for superusers and reference data only."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import has_second_factor


class OperatorsSite(AdminSite):
    """Superusers alone; officers work in the portal's own pages."""

    site_header = _("Lodestone reference data")
    site_title = _("Lodestone")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_superuser and has_second_factor(user))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way in, with a second factor; a superuser without one is sent to set it up."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not request.user.is_superuser:
            raise PermissionDenied
        return redirect("admin:index" if self.has_permission(request) else "mfa_activate_totp")


site = OperatorsSite(name="admin")
