"""Who may do what: a role is a code, words, and the permissions it grants. Lawyers read this file.

Codes are stored; they are never renamed and never reused.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.permissions import Permission as P


class Kind(TextChoices):
    """What an organisation is to the portal."""

    ENTERPRISE = "enterprise", _("enterprise")
    REGULATOR = "regulator", _("regulator")
    CUSTOMS = "customs", _("customs")
    SANDBOX = "sandbox", _("sandbox")  # an enterprise's own, for trying out: nothing in it is real


@dataclass(frozen=True)
class Role:
    """One role: its stable code, its name for people, the kind of organisation that may give it, what it grants."""

    code: str
    name: str | Promise
    description: str | Promise
    kind: Kind
    permissions: frozenset[P]
    second_factor: bool = False  # required before anything else


_PRODUCER = {
    P.FILING_VIEW,
    P.EXTENSION_ASK,
    P.QUESTION_ANSWER,
    P.REGISTER_EDIT,
    P.LICENCE_VIEW,
    P.LICENCE_APPLY,
}
_SUPERVISION = {P.SUPERVISE}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "preparer",
            _("Preparer"),
            _("Fills in filings, keeps products and counterparties, answers questions."),
            Kind.ENTERPRISE,
            frozenset(_PRODUCER | {P.FILING_PREPARE}),
        ),
        Role(
            "certifier",
            _("Certifier"),
            _("Reads what will be signed, signs and submits, amends and withdraws."),
            Kind.ENTERPRISE,
            frozenset(_PRODUCER | {P.FILING_SIGN, P.LICENCE_SUBMIT}),
        ),
        Role(
            "organisation_administrator",
            _("Organisation administrator"),
            _(
                "Invites colleagues, gives and takes roles, keeps webhooks, reads the organisation's own trail."
            ),
            Kind.ENTERPRISE,
            frozenset({P.FILING_VIEW, P.LICENCE_VIEW, P.MEMBERS_MANAGE, P.OWN_TRAIL_VIEW, P.WEBHOOK_MANAGE}),
        ),
        Role(
            "reviewer",
            _("Reviewer"),
            _("Reviews filings and findings, asks producers questions."),
            Kind.REGULATOR,
            frozenset(_SUPERVISION | {P.REVIEW, P.SWEEP_START}),
            second_factor=True,
        ),
        Role(
            "case_officer",
            _("Case officer"),
            _("Handles licence applications and recommends."),
            Kind.REGULATOR,
            frozenset(_SUPERVISION | {P.CASE_HANDLE}),
            second_factor=True,
        ),
        Role(
            "countersigner",
            _("Countersigner"),
            _("Decides what a case officer recommended."),
            Kind.REGULATOR,
            frozenset(_SUPERVISION | {P.CASE_COUNTERSIGN}),
            second_factor=True,
        ),
        Role(
            "auditor",
            _("Auditor"),
            _("Reads everything, changes nothing, verifies the trail."),
            Kind.REGULATOR,
            frozenset(_SUPERVISION | {P.TRAIL_VIEW}),
            second_factor=True,
        ),
        Role(
            "administrator",
            _("Administrator"),
            _("Approves enrolments, grants extensions, keeps reference data, restores lost second factors."),
            Kind.REGULATOR,
            frozenset(
                _SUPERVISION
                | {
                    P.MEMBERS_MANAGE,
                    P.EXTENSION_GRANT,
                    P.ENROLMENT_DECIDE,
                    P.ACCOUNT_RECOVER,
                    P.REFERENCE_EDIT,
                    P.TRAIL_VIEW,
                    P.SWEEP_START,
                }
            ),
            second_factor=True,
        ),
        Role(
            "customs",
            _("Customs officer"),
            _("Checks exports against licences."),
            Kind.CUSTOMS,
            frozenset({P.EXPORT_CHECK}),
            second_factor=True,
        ),
        Role(
            "customs_administrator",
            _("Customs administrator"),
            _(
                "Invites colleagues of customs, gives and takes roles, revokes tokens, reads the office's own trail."
            ),
            Kind.CUSTOMS,
            frozenset({P.MEMBERS_MANAGE, P.OWN_TRAIL_VIEW}),
            second_factor=True,
        ),
    )
}


def roles_of(kind: str) -> list[Role]:
    """The roles that an organisation of this kind may give."""
    return [role for role in ROLES.values() if role.kind == kind]


def permissions_of(codes: frozenset[str]) -> frozenset[str]:
    """What holding these roles permits; everybody who signed in keeps an account of their own."""
    granted: set[str] = {P.SIGNED_IN}
    for code in codes:
        granted |= ROLES[code].permissions
    return frozenset(granted)
