"""The questions that the regulator asked: the list, and one with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.contact.models import Question, QuestionState
from portal.contact.queries import questions as contact_queries
from portal.contact.services import questions as services
from portal.core.clock import end_of_day
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow
from portal.core.tabular.writing import Value
from reporting.forms.filters import AskedFilter
from reporting.forms.review import AskForm
from reporting.queries.asked import questions_asked
from reporting.views import listing
from reporting.views.listing import actor_of


def _cells(row: Any) -> Sequence[Value]:
    return (
        row.pk,
        row.organisation.uscc,
        row.organisation.name_zh,
        row.organisation.name_en,
        "" if row.period is None else str(row.period),
        row.line_no,
        row.check_code,
        row.shown_state,
        row.asked_by.label,
        row.asked_at,
        row.due_on,
        row.text,
    )


LISTING = listing.Listing(
    name="questions",
    sentence=gettext_lazy("Questions that are"),
    form=AskedFilter,
    rows=questions_asked,
    orders={
        "due": ("due_on",),
        "asked": ("asked_at",),
        "organisation": ("organisation__name_en", "organisation__name_zh"),
        "period": ("period",),
    },
    order="due",
    header=lambda: [
        _("Number"),
        _("Unified social credit code"),
        _("Chinese name"),
        _("English name"),
        _("Reporting month"),
        _("Line"),
        _("Check"),
        _("State"),
        _("Asked by"),
        _("Asked on"),
        _("Answer by"),
        _("Question"),
    ],
    cells=_cells,
)


@allow(Permission.SUPERVISE)
@require_safe
def asked_list(request: HttpRequest) -> HttpResponseBase:
    """Every question, the one due first at the top."""
    what = listing.asked(request, LISTING)
    if (file := listing.exported(request, what)) is not None:
        return file
    context = listing.context(request, what)
    context["questions"] = [(row, contact_queries.about(row)) for row in context["rows"]]
    return render(request, "reporting/asked_list.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def asked_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question with its answers."""
    return _page(request, contact_queries.asked_question(question_id), AskForm())


def _page(request: HttpRequest, question: Question, form: AskForm) -> HttpResponse:
    context = {
        "question": question,
        "thread": contact_queries.thread_of(question),
        "about": contact_queries.about(question),
        "about_url": contact_queries.subject_url(question, regulator=True),
        "due_at": end_of_day(question.due_on),
        "may_review": actor_of(request).may(Permission.REVIEW) and question.state != QuestionState.CLOSED,
        "form": form,
    }
    return render(request, "reporting/asked_view.html", context, status=422 if form.errors else 200)


@allow(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def asked_again(request: HttpRequest, question_id: int) -> HttpResponse:
    """Ask once more, in the same thread."""
    question = contact_queries.asked_question(question_id)
    if request.method != "POST":
        return redirect("asked_view", question.pk)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            services.ask_again(by=actor_of(request), question_id=question.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(request, _("The question is open again, and the organisation is told."))
            return redirect("asked_view", question.pk)
    return _page(request, question, form)


@allow(Permission.REVIEW)
@require_POST
def asked_close(request: HttpRequest, question_id: int) -> HttpResponse:
    """Nothing more is needed."""
    services.close(by=actor_of(request), question_id=question_id)
    messages.success(request, _("The question is closed."))
    return redirect("asked_view", question_id)
