"""The words of every code with which an export is held, denied or not drawn. Codes are stored and scripted against."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    # the licence
    "licence_missing": _("The goods are controlled, and no licence was presented."),
    "licence_unknown": _("There is no such licence. Compare its number, character by character."),
    "exporter_unknown": _("The portal knows no enterprise with this code."),
    "exporter_other": _("The licence is another exporter's."),
    "not_yet_valid": _("The licence is not valid yet on this day."),
    "expired": _("The licence has expired."),
    "suspended": _("The licence is suspended."),
    "revoked": _("The licence is revoked."),
    "surrendered": _("The licence was given back."),
    # what it covers
    "line_unknown": _("The licence has no line with this number."),
    "line_ambiguous": _("More than one line of the licence fits these goods. Name the line."),
    "entry_other": _("The licence does not cover these goods."),
    "destination_other": _("The licence is for another country."),
    "destination_missing": _("The country of destination is needed."),
    "consignee_other": _("The licence is for another consignee."),
    "consignee_near": _(
        "The consignee's name is near to the one on the licence, but not the same. Compare them."
    ),
    "consignee_identity_differs": _("The consignee's name is on the licence, with another identity number."),
    "consignee_missing": _("The consignee's name is needed."),
    "end_user_other": _("The licence is for another end user."),
    "end_user_near": _(
        "The end user's name is near to the one on the licence, but not the same. Compare them."
    ),
    "end_user_identity_differs": _("The end user's name is on the licence, with another identity number."),
    "customs_office_other": _("The licence is for another customs office."),
    "transport_other": _("The licence is for another mode of transport."),
    # its balance
    "over_balance": _("More than is left on the licence."),
    "uses_spent": _("The licence has been used as often as it allows."),
    "part_shipment": _("The licence allows no part shipments, and one has been declared."),
    # the declaration
    "declaration_reversed": _("This item of the declaration was taken back."),
    "declaration_drawn": _("This item of the declaration has drawn a licence already."),
    "declaration_other": _("This item of the declaration is on record with other content."),
    "already_drawn": _("This item has drawn the licence before; nothing was drawn again."),
    "quantity_missing": _("No quantity was declared."),
    "quantity_not_positive": _("A quantity is more than 0."),
    # the goods
    "not_controlled": _("The goods are not controlled: no licence is needed."),
    "assay_required": _("What would decide is not known. An assay, or what the goods are, is needed."),
    "customs_code_contradicts": _("The customs code says otherwise than what the goods are."),
}


def words_of(code: str) -> str:
    """The words of a code in the reader's language; the code itself where it has none."""
    return str(REASONS.get(code, code))
