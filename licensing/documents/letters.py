"""Letters of the office in both languages, made from what was kept when they were written."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from licensing.documents.facts import day, names
from licensing.documents.licences import ISSUER
from licensing.models import Letter, LetterKind, RefusalReason
from portal.accounts.models import Organisation
from portal.core.clock import BEIJING
from portal.core.documents import Bilingual, OfficialDocument, both

BODIES: Final[dict[str, Any]] = {
    "accepted": _(
        "Your application is complete and is accepted for processing as of the day of this letter. The decision is due within 45 working days; days on which a request waits for your answer do not count."
    ),
    "requested": _(
        "To decide on your application the office needs the information named below. Until your answer the clock stands still. If none comes by the day named, the office decides on what it has."
    ),
    "granted": _(
        "Your application is granted. The licence named below is issued and can be taken from the portal. It holds for the parties, goods and days named in it alone."
    ),
    "refused": _("Your application is refused for the reasons named below."),
    "suspended": _(
        "The licence named below is suspended from the day of this letter. Nothing may be exported under it until the suspension is lifted."
    ),
    "lifted": _("The suspension of the licence named below is lifted as of the day of this letter."),
    "revoked": _(
        "The licence named below is revoked as of the day of this letter. Nothing may be exported under it any more."
    ),
}


def letter_pdf(letter: Letter) -> bytes:
    """The letter. The same letter gives the same bytes."""
    document = OfficialDocument(
        both(LetterKind(letter.kind).label),
        issuer=ISSUER,
        created_at=letter.at.astimezone(BEIJING),
        number=letter.number,
    )
    document.facts(_facts(letter))
    document.paragraph(both(BODIES[letter.kind]))
    if letter.request is not None:
        document.heading(both(_("What is asked")))
        document.paragraph(Bilingual(letter.request.text, letter.request.text))
    codes = [code for code in letter.values.get("reasons", []) if code in RefusalReason.values]
    if codes:
        document.heading(both(_("Reasons")))
        for code in codes:
            document.paragraph(both(RefusalReason(code).label))
    if words := letter.values.get("words", ""):
        document.heading(both(_("In the words of the office")))
        document.paragraph(Bilingual(words, words))
    if letter.values.get("appeal_until", ""):
        document.heading(both(_("Appeal")))
        document.paragraph(
            both(
                _(
                    "You may ask for administrative reconsideration until the day named above, at this office or at its superior authority."
                )
            )
        )
    return document.output()


def _addressee(letter: Letter) -> Organisation:
    if letter.application is not None:
        return letter.application.organisation
    if letter.licence is None:
        raise ValueError("a letter is about an application or a licence")
    return letter.licence.exporter


def _facts(letter: Letter) -> list[tuple[Bilingual, str]]:
    addressee = _addressee(letter)
    facts = [
        (both(_("To")), names(addressee)),
        (both(_("Unified social credit code")), addressee.uscc or ""),
        (both(_("Date")), day(letter.at.astimezone(BEIJING).date())),
    ]
    if letter.application is not None:
        facts.append((both(_("Application")), letter.application.number or ""))
    licence_no = (
        letter.licence.licence_no if letter.licence is not None else letter.values.get("licence_no", "")
    )
    if licence_no:
        facts.append((both(_("Licence")), licence_no))
    if due_on := letter.values.get("due_on", ""):
        facts.append((both(_("Answer by")), day(date.fromisoformat(due_on))))
    if until := letter.values.get("appeal_until", ""):
        facts.append((both(_("Appeal until")), day(date.fromisoformat(until))))
    if letter.request is not None and letter.request.line is not None:
        facts.append((both(_("Line")), str(letter.request.line.line_no)))
    return facts
