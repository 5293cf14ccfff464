"""Django's own applications, set to our needs."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalStaticFiles(StaticFilesConfig):
    """Gathers what pages use.

    htmx's extensions are not used, and one of them names a file that is not there; ReDoc breaks the strict CSP.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "django_htmx/ext/*",
        "drf_spectacular_sidecar/redoc/*",
    ]
