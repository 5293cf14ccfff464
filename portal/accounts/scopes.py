"""What a token may be given: permission codes that the API serves. Codes are stored and scripted against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.permissions import Permission as P


@dataclass(frozen=True)
class Scope:
    """One scope: the permission it lets a token use, and words. ``longest`` is how many days it may be given for."""

    code: P
    name: str | Promise
    description: str | Promise
    longest: int = 366


SCOPES: dict[str, Scope] = {
    scope.code: scope
    for scope in (
        Scope(
            P.FILING_VIEW,
            _("Reading"),
            _("Filings, due dates, findings, products, lots and counterparties. Every token may."),
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
            P.WEBHOOK_MANAGE,
            _("Keep webhooks"),
            _("Add and remove addresses of your own system that are told of events."),
        ),
    )
}
ALWAYS = P.FILING_VIEW


def in_order(codes: Iterable[str]) -> list[str]:
    """The scopes among the codes, with the one that every token has, in the order in which they are listed."""
    wanted = {*codes, ALWAYS}
    return [code for code in SCOPES if code in wanted]


def longest_days(codes: Iterable[str]) -> int:
    """For how many days a token with these scopes may live."""
    return min(SCOPES[code].longest for code in {*codes, ALWAYS})
