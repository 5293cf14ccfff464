"""The people of an organisation: roles, invitations, and the organisation's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import guarding, queries
from portal.accounts.forms.members import InvitationForm, RolesForm, SeparationForm
from portal.accounts.forms.people import NewAccountForm
from portal.accounts.models import Invitation
from portal.accounts.queries import Member
from portal.accounts.roles import roles_of
from portal.accounts.services import invitations, members
from portal.core.permissions import Permission, allow, public


@allow(Permission.MEMBERS_MANAGE)
def member_list(request: HttpRequest) -> HttpResponse:
    """Members with their roles, and invitations that wait."""
    organisation = request.actor.organisation  # type: ignore[attr-defined]
    waiting = [(row, queries.invitation_roles(row)) for row in queries.open_invitations(organisation)[:200]]
    context = {
        "members": queries.members_of(organisation),
        "invitations": waiting,
        "roles": roles_of(organisation.kind),
        "keeps_offices": request.actor.may(Permission.ENROLMENT_DECIDE),  # type: ignore[attr-defined]
    }
    return render(request, "accounts/member_list.html", context)


@allow(Permission.MEMBERS_MANAGE)
def member_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """One member: give and take roles."""
    member = _member(request, user_id)
    offered = roles_of(request.actor.organisation.kind)  # type: ignore[attr-defined]
    initial = {"roles": sorted(member.role_codes)}
    form = RolesForm(request.POST if request.method == "POST" else None, offered=offered, initial=initial)
    if form.is_bound and form.is_valid():
        members.set_roles(by=request.actor, user_id=user_id, roles=form.cleaned_data["roles"])  # type: ignore[attr-defined]
        messages.success(request, _("The roles of %(name)s are saved.") % {"name": member.user.label})
        return redirect(_after(request))
    context = {"member": member, "form": form, "roles": offered}
    return render(request, "accounts/member_page.html", context, status=422 if form.errors else 200)


def _after(request: HttpRequest) -> str:
    """The list of members, unless one has just given up the right to see it."""
    actor = queries.actor_of(request.user, request.actor.organisation_id)  # type: ignore[attr-defined]
    return "member_list" if actor.may(Permission.MEMBERS_MANAGE) else "home"


@allow(Permission.MEMBERS_MANAGE)
@require_POST
def member_remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take every role away."""
    member = _member(request, user_id)
    members.remove(by=request.actor, user_id=user_id)  # type: ignore[attr-defined]
    messages.success(request, _("%(name)s is no longer a member.") % {"name": member.user.label})
    return redirect(_after(request))


def _member(request: HttpRequest, user_id: int) -> Member:
    found = queries.members_of(request.actor.organisation)  # type: ignore[attr-defined]
    member = next((member for member in found if member.user.pk == user_id), None)
    if member is None:
        raise Http404
    return member


@allow(Permission.MEMBERS_MANAGE)
def invitation_make(request: HttpRequest) -> HttpResponse:
    """Invite a colleague by mail."""
    offered = roles_of(request.actor.organisation.kind)  # type: ignore[attr-defined]
    form = InvitationForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        guarding.invitation(request.actor.organisation_id, data["email"])  # type: ignore[attr-defined]
        invitations.invite(by=request.actor, email=data["email"], roles=data["roles"])  # type: ignore[attr-defined]
        messages.success(
            request, _("A mail with a link is on its way to %(address)s.") % {"address": data["email"]}
        )
        return redirect("member_list")
    context = {"form": form, "roles": offered}
    return render(request, "accounts/invitation_make.html", context, status=422 if form.errors else 200)


@allow(Permission.MEMBERS_MANAGE)
@require_POST
def invitation_revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The link in the mail stops working."""
    invitations.revoke(by=request.actor, invitation_id=invitation_id)  # type: ignore[attr-defined]
    messages.success(request, _("The invitation is revoked; its link no longer works."))
    return redirect("member_list")


@public(reason="who holds the link of an invitation has no account yet; the link is the proof")
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation, with an account or with a new one."""
    if request.method == "POST":
        guarding.link(request)
    invitation = queries.open_invitation(token)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    actor = request.actor  # type: ignore[attr-defined]
    has_account = actor.is_authenticated or queries.person_with_address(invitation.email) is not None
    posted = request.POST if request.method == "POST" and not has_account else None
    form = (
        None
        if has_account
        else NewAccountForm(posted, email=invitation.email, joining=invitation.organisation)
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        account = form.account() if form is not None else None
        invitations.accept(by=actor, token=token, account=account)
        messages.success(request, _("You now act for %(name)s.") % {"name": invitation.organisation.name})
        return redirect("home" if actor.is_authenticated else "account_login")
    return _invitation_page(request, invitation, form)


def _invitation_page(
    request: HttpRequest, invitation: Invitation, form: NewAccountForm | None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "invitation": invitation,
        "roles": queries.invitation_roles(invitation),
        "form": form,
        "mine": actor.is_authenticated and actor.user.email.lower() == invitation.email,
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }
    return render(
        request, "accounts/invitation_accept.html", context, status=422 if form and form.errors else 200
    )


@allow(Permission.SIGNED_IN)
def own_organisation(request: HttpRequest) -> HttpResponse:
    """The organisation one acts for, as the portal knows it."""
    organisation = request.actor.organisation  # type: ignore[attr-defined]
    if organisation is None:
        raise Http404
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "organisation": organisation,
        "form": SeparationForm(initial={"separate": organisation.separate_signer}),
        "held": queries.memberships_in(actor.user, organisation),
        "may_manage": actor.may(Permission.MEMBERS_MANAGE),
    }
    return render(request, "accounts/organisation_page.html", context)


@allow(Permission.MEMBERS_MANAGE)
@require_POST
def separation_set(request: HttpRequest) -> HttpResponse:
    """Whether preparer and certifier must be two people."""
    form = SeparationForm(request.POST)
    form.is_valid()
    members.separate_signer(by=request.actor, separate=form.cleaned_data["separate"])  # type: ignore[attr-defined]
    messages.success(request, _("Saved."))
    return redirect("own_organisation")
