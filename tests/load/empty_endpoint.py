"""An endpoint of the framework's that does nothing, behind the portal's middleware; and where it is found.

What the interactive check is measured beside. Only the server of the measurement has this address
(``empty_endpoint_settings``).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.config import urls
from portal.core.permissions import public


class Empty(APIView):
    """Nothing, as JSON."""

    schema: Any = None
    permission_classes: ClassVar[list[Any]] = []

    def post(self, request: Request) -> Response:
        return Response({})


empty = public(reason="says nothing")(Empty.as_view())

urlpatterns = [path("empty/", empty), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
