"""The badge of every state: its colour, its sign and its word; never the colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tone = Literal["quiet", "good", "note", "warn", "stop"]


@dataclass(frozen=True, slots=True)
class Badge:
    """How a state is shown: ``tone`` names the colour, ``icon`` a symbol of the sprite."""

    label: str | Promise
    tone: Tone
    icon: str


OBLIGATION = {
    "not_due": Badge(_("Not due yet"), "quiet", "clock"),
    "due": Badge(_("Due"), "note", "calendar"),
    "draft": Badge(_("Draft"), "note", "draft"),
    "filed": Badge(_("Filed"), "good", "check"),
    "nil": Badge(_("Nil return"), "good", "nil"),
    "late": Badge(_("Filed late"), "warn", "clock"),
    "missing": Badge(_("Missing"), "stop", "missing"),
    "extended": Badge(_("Extended"), "note", "calendar"),
}

FILING = {
    "draft": Badge(_("Draft"), "quiet", "draft"),
    "ready": Badge(_("Ready to sign"), "note", "edit"),
    "submitted": Badge(_("Submitted"), "note", "sent"),
    "accepted": Badge(_("Accepted"), "good", "check"),
    "returned": Badge(_("Returned"), "warn", "returned"),
    "withdrawn": Badge(_("Withdrawn"), "quiet", "withdrawn"),
    "superseded": Badge(_("Replaced by an amendment"), "quiet", "history"),
}

FINDING = {
    "open": Badge(_("To review"), "note", "flag"),
    "asked": Badge(_("Asked"), "note", "question"),
    "explained": Badge(_("Explained"), "quiet", "answer"),
    "dismissed": Badge(_("Dismissed"), "quiet", "minus"),
    "confirmed": Badge(_("Confirmed"), "stop", "flag"),
    "closed": Badge(_("Mended"), "good", "check"),
}

WEBHOOK = {
    "active": Badge(_("Active"), "good", "check"),
    "paused": Badge(_("Paused"), "quiet", "clock"),
    "failing": Badge(_("Failing"), "warn", "warning"),
    "disabled": Badge(_("Stopped after failing"), "stop", "stop"),
    "removed": Badge(_("Removed"), "quiet", "trash"),
}

HOOK_MESSAGE = {
    "waiting": Badge(_("Waiting"), "note", "clock"),
    "taken": Badge(_("Taken"), "good", "check"),
    "given_up": Badge(_("Given up"), "stop", "stop"),
}

SEVERITY = {
    "error": Badge(_("Error"), "stop", "stop"),
    "warning": Badge(_("Warning"), "warn", "warning"),
    "notice": Badge(_("Notice"), "note", "info"),
}

QUEUE = {
    "block": Badge(_("Breach"), "stop", "stop"),
    "query": Badge(_("To ask"), "warn", "question"),
    "case": Badge(_("Case"), "note", "flag"),
}

QUESTION = {
    "open": Badge(_("Waiting for an answer"), "note", "question"),
    "answered": Badge(_("Answered"), "good", "answer"),
    "overdue": Badge(_("Answer overdue"), "warn", "clock"),
    "closed": Badge(_("Closed"), "quiet", "check"),
    "withdrawn": Badge(_("Withdrawn"), "quiet", "withdrawn"),
}

WORK = {
    "queued": Badge(_("Waiting"), "quiet", "pending"),
    "running": Badge(_("Under way"), "note", "pending"),
    "done": Badge(_("Done"), "good", "check"),
    "closed": Badge(_("Done"), "good", "check"),
    "failed": Badge(_("Failed"), "stop", "stop"),
}

REQUEST = {
    "asked": Badge(_("Asked for"), "note", "question"),
    "pending": Badge(_("Waiting for a decision"), "note", "pending"),
    "granted": Badge(_("Granted"), "good", "check"),
    "approved": Badge(_("Approved"), "good", "check"),
    "refused": Badge(_("Refused"), "stop", "withdrawn"),
    "withdrawn": Badge(_("Withdrawn"), "quiet", "withdrawn"),
    "expired": Badge(_("Expired"), "quiet", "clock"),
}

ACCOUNT = {
    "invited": Badge(_("Invited"), "note", "mail"),
    "active": Badge(_("Active"), "good", "check"),
    "disabled": Badge(_("Disabled"), "quiet", "withdrawn"),
    "pending": Badge(_("Waiting for approval"), "note", "pending"),
    "locked": Badge(_("Locked"), "warn", "lock"),
}

APPLICATION = {
    "draft": Badge(_("Draft"), "quiet", "draft"),
    "submitted": Badge(_("Submitted"), "note", "sent"),
    "accepted_for_processing": Badge(_("Accepted for processing"), "note", "clock"),
    "in_review": Badge(_("In review"), "note", "eye"),
    "information_requested": Badge(_("Information requested"), "warn", "question"),
    "recommended": Badge(_("With the countersigner"), "note", "pending"),
    "granted": Badge(_("Granted"), "good", "check"),
    "refused": Badge(_("Refused"), "stop", "withdrawn"),
    "decided": Badge(_("Decided"), "quiet", "check"),
    "withdrawn": Badge(_("Withdrawn"), "quiet", "withdrawn"),
    "closed": Badge(_("Closed"), "quiet", "check"),
}

LICENCE = {
    "valid": Badge(_("Valid"), "good", "check"),
    "not_yet_valid": Badge(_("Not valid yet"), "quiet", "clock"),
    "suspended": Badge(_("Suspended"), "stop", "stop"),
    "revoked": Badge(_("Revoked"), "stop", "withdrawn"),
    "surrendered": Badge(_("Given back"), "quiet", "returned"),
    "exhausted": Badge(_("Used up"), "quiet", "minus"),
    "expired": Badge(_("Expired"), "quiet", "clock"),
}

HIT = {
    "open": Badge(_("To look at"), "warn", "question"),
    "cleared": Badge(_("Somebody else"), "quiet", "check"),
    "confirmed": Badge(_("The same party"), "stop", "flag"),
}

WATCH = {
    "in_force": Badge(_("In force"), "good", "check"),
    "ended": Badge(_("Ended"), "quiet", "clock"),
    "to_come": Badge(_("To come"), "note", "calendar"),
}

RULE = WATCH | {"taken_back": Badge(_("Taken back"), "quiet", "undo")}

COUNTERSIGNATURE = {
    "waiting": Badge(_("Waiting for the countersigner"), "note", "pending"),
    "signed": Badge(_("Countersigned"), "good", "check"),
    "rejected": Badge(_("Sent back"), "warn", "returned"),
}

STANDING = {
    "in_force": Badge(_("In force"), "good", "check"),
    "in_force_unconfirmed": Badge(_("In force, unconfirmed"), "warn", "question"),
    "suspended": Badge(_("Suspended"), "warn", "pending"),
    "suspended_unconfirmed": Badge(_("Suspended, unconfirmed"), "warn", "question"),
    "not_yet_in_force": Badge(_("Not in force yet"), "note", "calendar"),
    "repealed": Badge(_("Repealed"), "quiet", "withdrawn"),
}

VERDICT = {
    "licence_required": Badge(_("Licence required"), "stop", "key"),
    "not_controlled": Badge(_("Not controlled"), "good", "check"),
    "assay_required": Badge(_("Assay required"), "warn", "question"),
}

APPLIES = {
    "yes": Badge(_("Applies"), "stop", "check"),
    "no": Badge(_("Does not apply"), "quiet", "minus"),
    "unknown": Badge(_("Unknown"), "warn", "question"),
}

DECISION = {
    "permit": Badge(_("Permit"), "good", "check"),
    "hold": Badge(_("Hold"), "warn", "pending"),
    "deny": Badge(_("Deny"), "stop", "stop"),
}

DECLARATION = {
    "drawn": Badge(_("Drawn"), "good", "check"),
    "free": Badge(_("No licence presented"), "note", "minus"),
    "refused": Badge(_("Not drawn"), "stop", "warning"),
    "reversed": Badge(_("Taken back"), "quiet", "undo"),
}

EVIDENCE = {
    "seen": Badge(_("Seen"), "quiet", "eye"),
    "recalled": Badge(_("Recalled"), "note", "history"),
    "third-party": Badge(_("Third party"), "note", "external"),
    "inferred": Badge(_("Inferred"), "note", "question"),
}

LIST_VERSION = {
    "draft": Badge(_("Draft"), "note", "draft"),
    "published": Badge(_("Published"), "good", "check"),
    "discarded": Badge(_("Discarded"), "quiet", "withdrawn"),
}

BADGES: dict[str, dict[str, Badge]] = {
    "application": APPLICATION,
    "licence": LICENCE,
    "hit": HIT,
    "watch": WATCH,
    "rule": RULE,
    "countersignature": COUNTERSIGNATURE,
    "obligation": OBLIGATION,
    "filing": FILING,
    "finding": FINDING,
    "severity": SEVERITY,
    "webhook": WEBHOOK,
    "hook_message": HOOK_MESSAGE,
    "queue": QUEUE,
    "question": QUESTION,
    "work": WORK,
    "request": REQUEST,
    "account": ACCOUNT,
    "standing": STANDING,
    "verdict": VERDICT,
    "applies": APPLIES,
    "decision": DECISION,
    "declaration": DECLARATION,
    "evidence": EVIDENCE,
    "list_version": LIST_VERSION,
}


def badge_of(kind: str, code: str) -> Badge:
    """The badge of a state; one that the table does not know shows its bare code, so that it is seen."""
    return BADGES[kind].get(code) or Badge(code, "quiet", "pending")
