"""Django's stock admin, for superusers and reference data only."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OperatorsSite(AdminSite):
    """Superusers alone; officers work in the portal's own pages."""

    site_header = _("Lodestone reference data")
    site_title = _("Lodestone")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser


site = OperatorsSite(name="admin")
