"""The words of the trail: one line a verb, and how the values beside it are shown. Made when read, stored nowhere.

A verb that no line here knows is shown as its bare code; a test sees to it that none is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ROLES
from portal.accounts.scopes import SCOPES
from portal.core.months import Month
from portal.core.words import named

VERBS: dict[str, str | Promise] = {
    # one's own account
    "account.signed_in": _("Signed in"),
    "account.password_changed": _("Password changed"),
    "account.password_reset": _("New password chosen by a link in a mail"),
    "account.password_reset_asked": _("Link for a new password asked for"),
    "account.second_factor_added": _("Authenticator app set up"),
    "account.second_factor_removed": _("Authenticator app taken away"),
    "account.passkey_added": _("Passkey added"),
    "account.passkey_renamed": _("Passkey renamed"),
    "account.passkey_removed": _("Passkey taken away"),
    "account.passwords_guessed": _("Many wrong passwords tried by somebody unknown"),
    "account.codes_guessed": _("Wrong codes tried by somebody who knew the password"),
    "account.recovery_codes_made": _("New recovery codes made"),
    "account.recovery_code_used": _("Signed in with a recovery code"),
    "account.session_ended": _("Session ended"),
    "account.sessions_ended": _("Sessions ended"),
    "account.language_chosen": _("Language chosen"),
    "account.details_changed": _("Name or language changed"),
    "account.address_asked": _("New e-mail address asked for"),
    "account.address_changed": _("E-mail address changed"),
    "token.made": _("API token made"),
    "token.revoked": _("API token revoked"),
    "sandbox.opened": _("Sandbox opened"),
    "sandbox.filled": _("Registers copied into the sandbox"),
    "webhook.added": _("Webhook added"),
    "webhook.secret_changed": _("Webhook given a new secret"),
    "webhook.paused": _("Webhook paused"),
    "webhook.resumed": _("Webhook goes on"),
    "webhook.removed": _("Webhook removed"),
    "webhook.restored": _("Webhook restored"),
    "webhook.tested": _("Test message sent to a webhook"),
    "webhook.sent_again": _("Message sent to a webhook again"),
    "webhook.secrets_rekeyed": _("Secrets of webhooks encrypted with a new key"),
    # members of an organisation
    "invitation.made": _("Colleague invited"),
    "invitation.revoked": _("Invitation revoked"),
    "invitation.accepted": _("Invitation accepted"),
    "member.roles_changed": _("Roles of a member changed"),
    "member.removed": _("Member removed"),
    "organisation.separation_changed": _("Rule about preparing and signing changed"),
    "enrolment.asked": _("Request to take part"),
    "enrolment.known": _("Request to take part by somebody known already"),
    "enrolment.approved": _("Request to take part approved"),
    "enrolment.refused": _("Request to take part refused"),
    "recovery.asked": _("Lost second factor reported"),
    "recovery.first_agreed": _("First administrator agreed to take a second factor away"),
    "recovery.done": _("Second factor taken away by two administrators"),
    "recovery.refused": _("Taking a second factor away refused"),
    "office.made": _("Office set up"),
    "demonstration.people_made": _("Accounts of the demonstration made"),
    # the control list
    "list.draft_begun": _("Draft of the control list begun"),
    "list.draft_discarded": _("Draft of the control list discarded"),
    "list.row_added": _("Row added to a draft of the control list"),
    "list.row_changed": _("Row of a draft of the control list changed"),
    "list.row_removed": _("Row taken out of a draft of the control list"),
    "list.entries_replaced": _("Entries of a draft of the control list replaced from a file"),
    "list.published": _("Version of the control list published"),
    "list.judged_again": _("Cases and licences judged by the list in force"),
    # who is who
    "parties.matched": _("Records matched to parties"),
    "party.joined": _("Two records said to be one party"),
    "party.kept_apart": _("Two records said to be two parties"),
    "party.decision_undone": _("Decision about who is who undone"),
    # filings
    "draft.started": _("Draft started"),
    "draft.saved": _("Draft saved"),
    "draft.replaced": _("Lines of a draft replaced"),
    "draft.explained": _("Warning explained"),
    "draft.discarded": _("Draft discarded"),
    "draft.handed_over": _("Draft handed over for signing"),
    "draft.taken_back": _("Draft taken back from signing"),
    "upload.received": _("File received"),
    "upload.refused": _("File refused"),
    "upload.pasted": _("Lines pasted"),
    "upload.applied_again": _("File applied again"),
    "filing.submitted": _("Filing signed and submitted"),
    "filing.filed_nil": _("Nil return signed and submitted"),
    "filing.amendment_begun": _("Amendment begun"),
    "filing.withdrawn": _("Filing withdrawn"),
    "filing.review_started": _("Review started"),
    "filing.accepted": _("Filing accepted"),
    "filing.returned": _("Filing returned"),
    "filing.viewed": _("Filing read by the regulator"),
    "filing.assigned": _("Filing assigned"),
    "obligations.opened": _("Months to report opened"),
    "extension.asked": _("Extension asked for"),
    "extension.granted": _("Extension granted"),
    "extension.refused": _("Extension refused"),
    "extension.decided": _("Extension decided"),
    "extension.granted_to_all": _("Extension granted to all"),
    # registers
    "product.added": _("Product added"),
    "product.changed": _("Product changed"),
    "product.retired": _("Product retired"),
    "counterparty.added": _("Counterparty added"),
    "counterparty.changed": _("Counterparty changed"),
    "counterparty.retired": _("Counterparty retired"),
    "lot.added": _("Lot added"),
    "lot.changed": _("Lot changed"),
    "lot.removed": _("Lot removed"),
    "identity.viewed": _("Identities of counterparties looked at"),
    "table.loaded": _("Table loaded"),
    "tables.exported": _("Tables exported"),
    "second_factors.rekeyed": _("Second factors encrypted with a new key"),
    "backup.made": _("Backup made"),
    "backup.restored": _("Backup restored"),
    # licences
    "licence.issued": _("Licence issued"),
    "licence.suspended": _("Licence suspended"),
    "licence.lifted": _("Suspension of a licence lifted"),
    "licence.revoked": _("Licence revoked"),
    "licence.surrendered": _("Licence given back"),
    "licence.expired": _("Licence expired"),
    "licence.hit_decided": _("Likeness of a licence's party to a watch list decided"),
    "licence.judged_again": _("Goods of a licence judged otherwise by the list in force"),
    "licence.reserved": _("Quantity of a licence reserved"),
    "licence.released": _("Reserved quantity of a licence released"),
    "licence.drawn": _("Licence drawn"),
    "licence.adjusted": _("Drawn quantity of a licence corrected"),
    "declaration.recorded": _("Customs declaration recorded"),
    "declaration.judged_again": _("Customs record judged again, its licence known by now"),
    "declaration.corrected": _("Customs declaration corrected"),
    "declaration.reversed": _("Customs declaration taken back"),
    "declarations.read": _("File of customs declarations read"),
    "export.checked": _("Export checked"),
    # applications
    "application.begun": _("Licence application begun"),
    "application.saved": _("Licence application changed"),
    "application.discarded": _("Licence application thrown away"),
    "application.paper_added": _("Paper added to a licence application"),
    "application.paper_removed": _("Paper taken from a licence application"),
    "application.submitted": _("Licence application submitted"),
    "application.withdrawn": _("Licence application withdrawn"),
    "application.closed": _("Licence application closed"),
    "application.accepted": _("Licence application accepted for processing"),
    "application.review_begun": _("Licence application taken into review"),
    "application.assigned": _("Licence application given to an officer"),
    "application.routed": _("Licence application put into another queue"),
    "application.requested": _("Information requested from the applicant"),
    "application.answered": _("Request for information answered"),
    "application.request_closed": _("Request for information closed"),
    "application.advised": _("Advice given on a licence application"),
    "application.flag_lowered": _("Flag on a licence application lowered"),
    "application.hit_decided": _("Likeness to a watch list decided"),
    "application.evidence_asked": _("Link for an end user's evidence made"),
    "application.evidence_given": _("Evidence given by an end user"),
    "application.judged_again": _("Goods of a licence application judged otherwise by the list in force"),
    "application.recommended": _("Licence application recommended"),
    "application.sent_back": _("Recommendation sent back"),
    "application.decided": _("Licence application decided"),
    "routing_rule.added": _("Rule of casework added"),
    "routing_rule.changed": _("Rule of casework changed"),
    "routing_rule.ended": _("Rule of casework ended"),
    "queue.added": _("Queue of casework added"),
    "queue.changed": _("Queue of casework changed"),
    "watch_list.changed": _("Watch list changed"),
    "watch_list.entry_added": _("Entry added to a watch list"),
    "watch_list.entry_changed": _("Entry of a watch list changed"),
    "watch_list.entry_retired": _("Entry of a watch list retired"),
    "watch_list.screened": _("Parties screened against the watch lists"),
    # supervision
    "question.asked": _("Question asked"),
    "question.answered": _("Question answered"),
    "question.closed": _("Question closed"),
    "finding.assigned": _("Finding assigned"),
    "finding.explained": _("Finding explained"),
    "finding.confirmed": _("Finding confirmed"),
    "finding.dismissed": _("Finding dismissed"),
    "finding.reopened": _("Finding opened again"),
    "findings.decided": _("Findings decided together"),
    "findings.reconciled": _("Findings brought up to date"),
    "list.exported": _("List exported"),
    "view.saved": _("Filters of a list kept"),
    "view.deleted": _("Kept filters deleted"),
    "sweep.started": _("Sweep started"),
    "sweep.finished": _("Sweep finished"),
}

# Verbs that people look for together.
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "identities": (_("Identities looked at by the regulator"), ("identity.viewed",)),
    "filings": (_("Filings"), ("draft.", "upload.", "filing.", "extension.", "obligations.")),
    "registers": (
        _("Products and counterparties"),
        ("product.", "lot.", "counterparty.", "table.", "tables.", "identity."),
    ),
    "list": (_("Control list"), ("list.",)),
    "people": (_("People and roles"), ("invitation.", "member.", "enrolment.", "recovery.", "organisation.")),
    "licences": (
        _("Licences and customs"),
        (
            "application.",
            "licence.",
            "declaration.",
            "declarations.",
            "export.",
            "watch_list.",
            "routing_rule.",
            "queue.",
        ),
    ),
    "sign_in": (_("Signing in"), ("account.", "token.", "sandbox.")),
    "webhooks": (_("Webhooks"), ("webhook.",)),
    "review": (_("Questions and findings"), ("question.", "finding.", "findings.", "sweep.")),
}


def title(verb: str) -> str:
    """What was done, in the reader's language."""
    return str(VERBS.get(verb, verb))


def verbs_of(group: str) -> tuple[str, ...]:
    """The verbs of a group; all verbs (an empty tuple) for a group that is none."""
    if group not in GROUPS:
        return ()
    starts = GROUPS[group][1]
    return tuple(verb for verb in VERBS if verb.startswith(starts))


def details(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values of an event that mean something to a reader, as (label, words)."""
    found = []
    for key, (label, words) in _VALUES.items():
        value = data.get(key)
        if value not in (None, "", [], {}):
            found.append((str(label), words(value)))
    return found


def _roles(codes: Iterable[str]) -> str:
    names = [str(ROLES[code].name) if code in ROLES else code for code in codes]
    return gettext(", ").join(names)


def _scopes(codes: Iterable[str]) -> str:
    names = [str(SCOPES[code].name) if code in SCOPES else code for code in codes]
    return gettext(", ").join(names)


def _month(written: Any) -> str:
    try:
        month = Month(written) if isinstance(written, int) else Month.parse(str(written))
    except ValueError:
        return str(written)
    return date_format(month.first, "YEAR_MONTH_FORMAT")


def _day(written: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(written)[:10]), "DATE_FORMAT")
    except ValueError:
        return str(written)


def _changes(changed: Any) -> str:
    """Each field with what it said before and says now."""
    if not isinstance(changed, Mapping):
        return str(changed)
    return named((name, f"{before or '–'} → {after or '–'}") for name, (before, after) in changed.items())


def _yes(value: Any) -> str:
    return gettext("yes") if value else gettext("no")


_VALUES: dict[str, tuple[str | Promise, Callable[[Any], str]]] = {
    "person": (_("Person"), str),
    "roles": (_("Roles"), _roles),
    "gave": (_("Given"), _roles),
    "took": (_("Taken"), _roles),
    "address": (_("Address"), str),
    "uscc": (_("Unified social credit code"), str),
    "period": (_("Month"), _month),
    "version": (_("Version"), str),
    "lines": (_("Lines"), str),
    "receipt_no": (_("Receipt"), str),
    "code": (_("Code"), str),
    "count": (_("Number"), str),
    "token": (_("Token"), str),
    "scopes": (_("Scopes"), _scopes),
    "days": (_("Days"), str),
    "due_on": (_("Due"), _day),
    "first_day": (_("From"), _day),
    "until": (_("Last day"), _day),
    "table": (_("Table"), str),
    "number": (_("Number"), str),
    "licence_no": (_("Licence"), str),
    "declaration_no": (_("Declaration"), str),
    "decision": (_("Decision"), str),
    "row": (_("Row"), str),
    "note": (_("Note"), str),
    "list": (_("List"), str),
    "entry": (_("Entry"), str),
    "changed": (_("Changed"), _changes),
    "why": (_("Reason"), str),
    "separate": (_("Two people"), _yes),
    "sandbox": (_("Sandbox"), _yes),
    "language": (_("Language"), lambda code: {"en": "English", "zh-hans": "简体中文"}.get(code, code)),
}
