"""The administrator's pages of queues and rules: read by the office, changed by versions that are looked at before they hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licensing.domain.routing import RAISED_BY_RULES, Content, changed
from licensing.forms.routing_rules import EndForm, QueueForm, RuleForm, said
from licensing.models import FlagCode, RoutingRule
from licensing.queries import routing_rules as queries
from licensing.queries.cases import queues
from licensing.queries.rule_words import asked
from licensing.services import queues as queue_services
from licensing.services import routing_rules as services
from licensing.views.frames import actor_of
from portal.accounts.queries.trail import history_of
from portal.core.errors import Refused
from portal.core.permissions import Permission, allow

BY_THE_PORTAL = tuple(code for code in FlagCode if code not in RAISED_BY_RULES)
OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "action"})


@allow(Permission.SUPERVISE)
@require_safe
def case_rules(request: HttpRequest) -> HttpResponse:
    """Queues, the rules in their order, and the flags that stand without a rule."""
    context = {
        "rules": queries.shown_rules(),
        "queues": queues(),
        "by_the_portal": [code.label for code in BY_THE_PORTAL],
        "may_edit": actor_of(request).may(Permission.REFERENCE_EDIT),
    }
    return render(request, "licensing/case_rules.html", context)


@allow(Permission.SUPERVISE)
@require_safe
def rule_view(request: HttpRequest, rule_code: str) -> HttpResponse:
    """One rule: what it says, what it said, who changed it and why."""
    versions = queries.versions_of(rule_code)
    context = {
        "code": rule_code,
        "versions": versions,
        "holds": any(one.state in {"in_force", "to_come"} for one in versions),
        "history": history_of("routing_rule", [one.row.pk for one in versions]),
        "may_edit": actor_of(request).may(Permission.REFERENCE_EDIT),
    }
    return render(request, "licensing/rule_view.html", context)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: HttpRequest) -> HttpResponse:
    """A rule more; with ?flags=1 one that raises a flag."""
    flags = request.GET.get("flags") == "1"
    form = RuleForm(request.POST or None, flags=flags)

    def write(code: str, given: dict[str, Any]) -> RoutingRule:
        return services.add(
            by=actor_of(request),
            code=code,
            content=form.content(),
            first_day=given["first_day"],
            reason=given["reason"],
        )

    return _judged(request, form, write, {"flags": flags})


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_change(request: HttpRequest, rule_code: str) -> HttpResponse:
    """The next version of a rule; with ?version= it begins with what that one says."""
    versions = queries.versions_of(rule_code)
    wanted = request.GET.get("version", "")
    base = next((one for one in versions if str(one.row.version) == wanted), versions[0]).row
    start = said(Content(base.position, base.wants, base.queue_id or "", base.flag))
    start["seen"] = queries.token_of(one.row for one in versions)
    form = RuleForm(request.POST or None, flags=bool(base.flag), code=rule_code, initial=start)

    def write(code: str, given: dict[str, Any]) -> RoutingRule:
        return services.change(
            by=actor_of(request), code=code, content=form.content(), first_day=given["first_day"], reason=given["reason"],
            seen=given["seen"],
        )  # fmt: skip

    return _judged(request, form, write, {"flags": bool(base.flag), "code": rule_code})


def _judged(
    request: HttpRequest,
    form: RuleForm,
    write: Callable[[str, dict[str, Any]], RoutingRule],
    context: dict[str, Any],
) -> HttpResponse:
    """The form; once it says enough what it would do; and once that is confirmed it is done."""
    action = request.POST.get("action", "")
    if request.method == "POST" and form.is_valid() and action != "edit":
        if action != "confirm":
            return _preview(request, form, context)
        try:
            made = write(form.named(), form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The rule is on record and holds from its first day on."))
            return redirect("rule_view", made.code)
    status = 422 if form.errors else 200
    return render(request, "licensing/rule_form.html", context | {"form": form}, status=status)


def _preview(request: HttpRequest, form: RuleForm, context: dict[str, Any]) -> HttpResponse:
    content, first = form.content(), form.cleaned_data["first_day"]
    names = dict(form.fields["does"].choices)  # type: ignore[attr-defined]
    context |= {
        "asked": asked(content.wants),
        "does": names[content.flag or content.queue],
        "position": content.position,
        "rule": form.named(),
    }
    return _shown(request, form.named(), first, content, context)


def _shown(
    request: HttpRequest, code: str, first: date, content: Content | None, context: dict[str, Any]
) -> HttpResponse:
    before = queries.all_rules()
    preview = queries.preview_of(before, changed(before, code, first, content), first)
    context |= {"preview": preview, "first": first, "sent": _sent(request.POST), "shown": queries.SHOWN}
    return render(request, "licensing/rule_preview.html", context)


def _sent(data: QueryDict) -> list[tuple[str, str]]:
    """What was sent, to be sent again."""
    return [(name, value) for name, values in data.lists() if name not in OF_THE_PAGE for value in values]


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_end(request: HttpRequest, rule_code: str) -> HttpResponse:
    """The rule holds no more after a day."""
    versions = queries.versions_of(rule_code)
    form = EndForm(request.POST or None, initial={"seen": queries.token_of(one.row for one in versions)})
    context: dict[str, Any] = {
        "code": rule_code,
        "rule": rule_code,
        "ends": True,
        "flags": bool(versions[0].row.flag),
    }
    action = request.POST.get("action", "")
    if request.method == "POST" and form.is_valid() and action != "edit":
        given = form.cleaned_data
        if action != "confirm":
            return _shown(request, rule_code, given["last"] + timedelta(days=1), None, context)
        try:
            services.end(
                by=actor_of(request),
                code=rule_code,
                last=given["last"],
                reason=given["reason"],
                seen=given["seen"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.words())
        else:
            messages.success(request, _("The rule ends. It stays on record with its versions."))
            return redirect("rule_view", rule_code)
    status = 422 if form.errors else 200
    return render(request, "licensing/rule_form.html", context | {"form": form}, status=status)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def queue_add(request: HttpRequest) -> HttpResponse:
    """A queue more."""
    form = QueueForm(request.POST or None, named=False)
    if request.method == "POST" and form.is_valid():
        try:
            queue_services.add(by=actor_of(request), **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The queue is there. Rules and officers may put cases into it."))
            return redirect("case_rules")
    return render(request, "licensing/queue_form.html", {"form": form}, status=422 if form.errors else 200)


@allow(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def queue_change(request: HttpRequest, queue_code: str) -> HttpResponse:
    """A queue's names and its place in the list."""
    row = queries.queue_of(queue_code)
    start = {"name_en": row.name_en, "name_zh": row.name_zh, "position": row.position}
    form = QueueForm(request.POST or None, named=True, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            queue_services.change(by=actor_of(request), code=row.code, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("case_rules")
    context = {"form": form, "queue": row}
    return render(request, "licensing/queue_form.html", context, status=422 if form.errors else 200)
