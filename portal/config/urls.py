"""Every address of the portal: each app's own, the operator's, and the pages for what went wrong."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from portal.config import operations
from portal.config.admin_site import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("portal.config.api_urls")),  # first: programs call the most often
    path("", include("portal.public.urls")),
    path("", include("portal.dashboards.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.contact.urls")),
    path("", include("portal.registry.urls")),
    path("", include("licensing.urls")),
    path("", include("reporting.urls")),
    path("healthz", operations.alive, name="healthz"),
    path("readyz", operations.ready, name="readyz"),
    path("metrics", operations.metrics, name="metrics"),
    path("admin/", site.urls),
]

handler400 = "portal.config.failures.bad_request"
handler403 = "portal.config.failures.forbidden"
handler404 = "portal.config.failures.not_found"
handler500 = "portal.config.failures.server_error"
