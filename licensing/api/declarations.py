"""``declarations/``: customs records of exports, one or many; read, corrected, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.request import Request

from licensing.api.licence_shapes import ITEM, KEPT, ItemShape, ItemsShape, KeptManyShape, KeptShape
from licensing.domain.declared import DeclaredItem
from licensing.forms.declared import ITEM_MEMBERS, Reader, read_item
from licensing.models import Declaration, Door
from licensing.queries.reason_words import words_of
from licensing.services import declarations
from portal.core.api import bodies
from portal.core.api.bodies import pointer
from portal.core.api.endpoint import Endpoint, acts, answer
from portal.core.api.problems import Fault, invalid
from portal.core.api.schema import Operation, Refusal, Said, described
from portal.core.permissions import Permission

MOST: Final = 500  # items in one call
CUSTOMS: Final = (Permission.EXPORT_CHECK,)
_OTHER: Final = Refusal(
    409,
    "declaration_other",
    "This item of the declaration is on record with other content. Correct it instead.",
)
_UNKNOWN_EXPORTER: Final = Refusal(422, "exporter_unknown", "The portal knows no enterprise with this code.")
_TAKEN_BACK: Final = Refusal(409, "declaration_reversed", "This item of the declaration was taken back.")
SENT: Final = PolymorphicProxySerializer(
    "ItemOrItems", [ItemShape, ItemsShape], resource_type_field_name=None
)
ANSWERED: Final = PolymorphicProxySerializer(
    "KeptOrMany", [KeptShape, KeptManyShape], resource_type_field_name=None
)


class DeclarationList(Endpoint):
    """Records of customs."""

    allowed = {"POST": CUSTOMS}
    calls_a_minute = "API_EXPORT_CHECKS_A_MINUTE"

    @described(
        Operation(
            "declarations_send",
            "Licensing",
            "Send customs records, one or many",
            words="One item as an object, or up to 500 as `declarations`. Each is kept once and draws the licence that was "
            "presented once, whichever way it comes; what cannot be drawn is kept with its reason. Of many, each is done by "
            "itself, in the order of days, and told with `state`; `unkept` says that an item was not kept and why.",
            request=SENT,
            request_example=ITEM,
            creates=True,
            refusals=[_OTHER, _UNKNOWN_EXPORTER],
            answers={
                200: Said(
                    ANSWERED,
                    "the item was on record already; of many, what became of each",
                    {"results": [KEPT]},
                ),
                201: Said(KeptShape, "the item is on record", KEPT),
            },
        )
    )
    @acts
    def post(self, request: Request) -> HttpResponse:
        if isinstance(request.data, dict) and "declarations" in request.data:
            return self._many(request)
        item = _read(bodies.members(request, ITEM_MEMBERS), "")
        kept, new = declarations.record(by=self.actor, item=item, door=Door.API)
        return answer(kept_of(item, kept, ""), 201 if new else 200)

    def _many(self, request: Request) -> HttpResponse:
        given = bodies.members(request, ("declarations",))["declarations"]
        if not isinstance(given, list) or not 1 <= len(given) <= MOST:
            words = _("Send a list of 1 to %(most)s items.") % {"most": MOST}
            raise invalid([Fault("/declarations", "not_a_list", words)])
        items = [_read_one(one, at) for at, one in enumerate(given)]
        told = declarations.record_many(by=self.actor, items=items, door=Door.API)
        return answer({"results": [kept_of(*one) for one in told]})


class DeclarationItem(Endpoint):
    """One item of a declaration."""

    allowed = {"PUT": CUSTOMS, "DELETE": CUSTOMS}

    @described(
        Operation(
            "declarations_correct",
            "Licensing",
            "Correct a customs record",
            words="The whole item as it is right. What it drew follows the corrected quantity. Exporter, licence, line and day "
            "of what has drawn stay: take it back and declare it under another number.",
            request=ItemShape,
            request_example=ITEM,
            refusals=[
                "not_found",
                _TAKEN_BACK,
                Refusal(409, "over_balance", "12 kg is more than the 7.5 kg left on line 1."),
                Refusal(409, "correction_too_far", "Exporter, licence, line and day stay as they are."),
            ],
            answers={200: Said(KeptShape, "the record", KEPT)},
        )
    )
    @acts
    def put(self, request: Request, declaration_no: str, item_no: int) -> HttpResponse:
        given = bodies.members(request, ITEM_MEMBERS)
        item = _read({**given, "declaration_no": declaration_no, "item_no": item_no}, "")
        return answer(kept_of(item, declarations.correct(by=self.actor, item=item), ""))

    @described(
        Operation(
            "declarations_take_back",
            "Licensing",
            "Take a customs record back",
            words="The goods did not leave: what was drawn is available again, and the item never draws any more. Sent before "
            "the record itself, it is remembered. Sent twice, it acts once.",
            refusals=["not_found"],
            answers={200: Said(KeptShape, "taken back", KEPT | {"state": "reversed"})},
        )
    )
    @acts
    def delete(self, request: Request, declaration_no: str, item_no: int) -> HttpResponse:
        kept = declarations.take_back(by=self.actor, key=(declaration_no, item_no))
        told = {
            "declaration_no": declaration_no,
            "item_no": item_no,
            "state": "reversed",
            "reason": None,
            "message": None,
        }
        told |= {
            "licence_no": (kept.licence_no or None) if kept else None,
            "licence_line_no": kept.line.line_no if kept and kept.line else None,
        }
        return answer(told)


def _read_one(given: Any, at: int) -> DeclaredItem:
    place = pointer("declarations", at)
    if not isinstance(given, Mapping):
        raise invalid([Fault(place, "not_an_object", _("Send a JSON object: { … }."))])
    unknown = [name for name in given if name not in ITEM_MEMBERS]
    if unknown:
        words = _("There is no “%(name)s” here.")
        raise invalid(
            [
                Fault(place + pointer(name), "unknown_member", words % {"name": str(name)[:60]})
                for name in unknown
            ]
        )
    return _read(given, place)


def _read(given: Mapping[str, Any], place: str) -> DeclaredItem:
    reader = Reader(given)
    item = read_item(reader, numbered=True)
    if reader.faults:
        raise invalid(
            [Fault(place + pointer(fault.name), fault.code, fault.words()) for fault in reader.faults]
        )
    return item


def kept_of(item: DeclaredItem, kept: Declaration | None, refusal: str) -> dict[str, Any]:
    """What became of an item, as plain values."""
    reason = refusal or (kept.reason if kept is not None else "")
    return {
        "declaration_no": item.declaration_no,
        "item_no": item.item_no,
        "state": "unkept" if kept is None else kept.state,
        "reason": reason or None,
        "message": words_of(reason) if reason else None,
        "licence_no": item.licence_no or None,
        "licence_line_no": kept.line.line_no if kept is not None and kept.line is not None else None,
    }
