"""What the regulator asks an organisation, and its answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.contact.forms.questions import AnswerForm
from portal.contact.models import QuestionState
from portal.contact.queries import questions as queries
from portal.contact.services import questions as services
from portal.core.actors import Actor
from portal.core.clock import end_of_day
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow

PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@allow(Permission.QUESTION_ANSWER)
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Every question to the organisation, what waits for an answer first."""
    page = Paginator(queries.questions_of(_actor(request)), PAGE).get_page(request.GET.get("page"))
    rows = [{"question": row, "about": queries.about(row), "due_at": end_of_day(row.due_on)} for row in page]
    return render(request, "contact/question_list.html", {"page_obj": page, "rows": rows})


@allow(Permission.QUESTION_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def question_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question with its thread, and the place to answer. What was typed stays, whatever is refused."""
    actor = _actor(request)
    question = queries.own_question(actor, question_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(by=actor, question_id=question.pk, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.words())
        else:
            messages.success(request, _("Your answer is with the regulator."))
            return redirect("question_view", question.pk)
    context = {
        "question": question,
        "thread": queries.thread_of(question),
        "about": queries.about(question),
        "about_url": queries.subject_url(question, regulator=False),
        "due_at": end_of_day(question.due_on),
        "closed": question.state == QuestionState.CLOSED,
        "form": form,
    }
    return render(request, "contact/question_view.html", context, status=422 if form.errors else 200)
