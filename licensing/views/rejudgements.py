"""What the list in force judges otherwise, as the office reads it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licensing.queries.rejudgements import all_rejudged
from portal.core.permissions import Permission, allow

PAGE = 50


@allow(Permission.SUPERVISE)
@require_safe
def judged_again(request: HttpRequest) -> HttpResponse:
    """Goods of cases and licences that are judged otherwise, the latest first."""
    page = Paginator(all_rejudged(), PAGE).get_page(request.GET.get("page"))
    return render(request, "licensing/judged_again.html", {"page_obj": page})
