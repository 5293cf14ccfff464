"""What an application lacks, in words, each at the step where it is mended."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.domain.completeness import Case, Goods, Lack, Party, lacks
from licensing.models import Application

WORDS: Final[dict[str, str | Promise]] = {
    "goods_missing": _("Add at least one good."),
    "quantity_missing": _("State how many kilograms."),
    "assay_missing": _("An assay that decides is missing in your catalogue: the office will ask for it."),
    "not_controlled": _(
        "This good needs no licence by the list in force: the office will ask why it is here."
    ),
    "hs_code_missing": _("The HS code is missing in your catalogue: the office will ask for it."),
    "value_missing": _("State the value: the office will ask for it."),
    "consignee_missing": _("Name the consignee."),
    "end_user_missing": _("Name the end user."),
    "one_end_user": _("An individual licence has one end user. Name one, or apply for a general licence."),
    "country_missing": _("State the country of each consignee and end user."),
    "address_missing": _("An address is missing: the office will ask for it."),
    "identity_missing": _(
        "An identity number is missing: with it the party is told from others of its name."
    ),
    "end_use_missing": _("Say what the goods are for."),
    "end_use_short": _("The end use is very short: say in which product, and where the goods sit in it."),
    "contract_no_missing": _("State the number of the contract."),
    "reason_missing": _("Say why the licence is renewed or amended."),
    "months_missing": _("State how many months the licence should hold."),
    "contract_missing": _("Hand in the contract."),
    "technical_description_missing": _("Hand in a technical description or a test report."),
    "end_user_certificate_missing": _("Hand in the end-user and end-use certificate."),
    "introduction_missing": _("Hand in the introduction of importer and end user."),
}


def lacks_of(application: Application) -> list[Lack]:
    """Everything missing first, then the requests that are to be expected. Three queries."""
    goods = [
        Goods(line.line_no, line.quantity_g, line.value_fen, line.verdict, bool(line.hs_code))
        for line in application.lines.all()
    ]
    parties = [
        Party(party.role, party.name, party.country, party.address, party.id_number)
        for party in application.parties.all()
    ]
    return lacks(
        Case(
            application.kind,
            application.purpose,
            application.end_use,
            application.contract_no,
            bool(application.reason.strip()),
            application.months,
            goods,
            parties,
            frozenset(application.papers.filter(sealed=False).values_list("kind", flat=True)),
        )
    )


def blocking_lacks(application: Application) -> list[Lack]:
    """What stands in the way of submitting."""
    return [lack for lack in lacks_of(application) if lack.blocks]


def shown(lack: Lack) -> dict[str, Any]:
    """A lack in words, with the step where it is mended."""
    return {
        "code": lack.code,
        "step": lack.step,
        "words": WORDS[lack.code],
        "line_no": lack.line_no,
        "blocks": lack.blocks,
    }
