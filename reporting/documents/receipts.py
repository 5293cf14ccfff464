"""The receipt as a paper: PDF in both languages, and the QR code that leads to its verification."""

from __future__ import annotations

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.core.clock import BEIJING
from portal.core.documents import Bilingual, OfficialDocument, both
from portal.core.templatetags.lodestone import moment, month
from reporting.models import Filing
from reporting.queries.receipts import first_filed_at, was_on_time


def verification_url(filing: Filing) -> str:
    """The public address that says whether the receipt is true."""
    return settings.PUBLIC_URL + reverse("verify_proof", args=[filing.receipt_no])


def qr_image(filing: Filing) -> str:
    """The QR code as an image that a page can carry inside it (a data address)."""
    return str(segno.make(verification_url(filing), error="m").svg_data_uri(scale=4, border=2))


def receipt_pdf(filing: Filing) -> bytes:
    """The receipt in both languages. It holds no trade data. The same filing gives the same bytes."""
    if filing.submitted_at is None or not filing.receipt_no:
        raise ValueError("only a submitted filing has a receipt")
    document = OfficialDocument(
        both(_("Receipt of a filing")),
        issuer=Bilingual(en="Lodestone, rare-earth magnet reporting", zh="稀土磁材申报平台"),
        created_at=filing.submitted_at.astimezone(BEIJING),
        number=filing.receipt_no,
    )
    document.paragraph(
        both(_("The filing named below was signed and received. This receipt shows no trade data."))
    )
    document.facts(_facts(filing))
    document.heading(both(_("Verification")))
    document.code(
        verification_url(filing),
        both(
            _(
                "Scan the code or open the address to see whether this receipt is true and whether the filing is in force."
            )
        ),
    )
    document.paragraph(
        both(
            _(
                "The SHA-256 is taken over the canonical form of the filed data, which the receipt's page offers as a file."
            )
        )
    )
    return document.output()


def _facts(filing: Filing) -> list[tuple[Bilingual, str]]:
    organisation = filing.organisation
    names = " / ".join(dict.fromkeys(name for name in (organisation.name_zh, organisation.name_en) if name))
    in_time = both(_("on time")) if was_on_time(filing) else both(_("after the due time"))
    signer = filing.submitted_by.label if filing.submitted_by else ""
    facts = [
        (both(_("Organisation")), names),
        (both(_("Unified social credit code")), organisation.uscc or ""),
        (both(_("Reporting month")), _in_both(month, filing.period)),
        (both(_("Version")), str(filing.version)),
        (both(_("Lines")), str(filing.line_count)),
        (both(_("Signed by")), signer),
        (both(_("Submitted")), _in_both(moment, filing.submitted_at)),
        (both(_("In time")), f"{in_time.zh} / {in_time.en}"),
        (both(_("SHA-256 of the filed data")), filing.sha256),
    ]
    if filing.version > 1:
        first = first_filed_at(filing) or filing.submitted_at
        facts.insert(7, (both(_("First filed")), _in_both(moment, first)))
    if filing.nil:
        nil = both(_("Nil return: nothing to report"))
        facts.insert(4, (both(_("Kind of filing")), f"{nil.zh} / {nil.en}"))
    return facts


def _in_both(words: object, value: object) -> str:
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts.append(str(words(value)))  # type: ignore[operator]
    return " / ".join(texts)
