"""An endpoint that does one indexed SELECT, on the portal's own stack and behind its own token; and where it is found.

What an export check is measured beside: the same middleware, the same look at the token and count of calls, the same
server, one row by its unique number. Only the server of the measurement has this address (``one_select_settings``).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request

from licensing.models import Licence
from portal.config import urls
from portal.core.api.endpoint import Endpoint, answer
from portal.core.permissions import Permission

SELECTED = ("licence_no", "status", "expires_on")


class OneSelect(Endpoint):
    """What stands in a licence's row."""

    allowed: ClassVar = {"GET": (Permission.EXPORT_CHECK,)}
    calls_a_minute = "API_EXPORT_CHECKS_A_MINUTE"
    schema: Any = None

    def get(self, request: Request, licence_no: str) -> HttpResponse:
        number, status, expires_on = Licence.objects.values_list(*SELECTED).get(licence_no=licence_no)
        return answer({"licence_no": number, "status": status, "expires_on": expires_on.isoformat()})


urlpatterns = [path("api/v1/one-select/<str:licence_no>/", OneSelect.as_view()), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
