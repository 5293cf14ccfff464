"""What a token may be given: permission codes that the API serves. Codes are stored and scripted against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.permissions import Permission as P


@dataclass(frozen=True)
class Scope:
    """One scope: the permission it lets a token use, and words. ``longest`` is how many days it may be given for.

    What is ``always`` is in every token of somebody whose roles hold it.
    """

    code: P
    name: str | Promise
    description: str | Promise
    longest: int = 366
    always: bool = False


SCOPES: dict[str, Scope] = {
    scope.code: scope
    for scope in (
        Scope(
            P.FILING_VIEW,
            _("Reading"),
            _("Filings, due dates, findings, products, lots and counterparties. Every token may."),
            always=True,
        ),
        Scope(
            P.FILING_PREPARE,
            _("Prepare filings"),
            _("Send lines and files, explain warnings, hand over for signing."),
        ),
        Scope(
            P.FILING_SIGN,
            _("Sign and submit"),
            _("Submits in your name, without asking you again. For 92 days at most."),
            longest=92,
        ),
        Scope(P.REGISTER_EDIT, _("Keep registers"), _("Add and change products, lots and counterparties.")),
        Scope(P.QUESTION_ANSWER, _("Answer questions"), _("Answer what the regulator asks.")),
        Scope(
            P.LICENCE_VIEW,
            _("Read licences"),
            _("Licences, their balances and movements; rehearse an export check."),
        ),
        Scope(
            P.LICENCE_APPLY, _("Apply for licences"), _("Draft applications and answer what the office asks.")
        ),
        Scope(
            P.LICENCE_SUBMIT,
            _("Submit applications"),
            _("Gives undertakings, submits and withdraws in your name. For 92 days at most."),
            longest=92,
        ),
        Scope(
            P.EXPORT_CHECK,
            _("Check exports"),
            _("Checks exports, draws licences, sends declarations. Every token of customs may."),
            always=True,
        ),
        Scope(
            P.WEBHOOK_MANAGE,
            _("Keep webhooks"),
            _("Add and remove addresses of your own system that are told of events."),
        ),
    )
}

SIGNING: Final[frozenset[str]] = frozenset({P.FILING_SIGN, P.LICENCE_SUBMIT})
"""What is done in a person's name: only while that person has a second factor."""


def in_order(codes: Iterable[str], held: Iterable[str]) -> list[str]:
    """The scopes among the codes, with those that every token of these permissions has, in the order of the list."""
    wanted, may = set(codes), set(held)
    return [code for code, scope in SCOPES.items() if code in wanted or (scope.always and code in may)]


def longest_days(codes: Iterable[str]) -> int:
    """For how many days a token with these scopes may live."""
    return min((SCOPES[code].longest for code in codes), default=366)
