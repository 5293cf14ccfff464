"""``classifications/``: whether goods are controlled, for one good or up to 10,000."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from licensing.api.classification_shapes import ANSWER, ANSWERED, EXAMPLE, MOST, SENT
from licensing.domain.classification import Good
from licensing.forms.goods import read, words_of
from licensing.queries.classification import classify_goods
from portal.core.api.bodies import pointer
from portal.core.api.endpoint import Endpoint, answer
from portal.core.api.problems import Fault, invalid
from portal.core.api.schema import Operation, Refusal, Said, described
from portal.core.permissions import Permission

_TOLD: Final = 500  # faulty places that one answer names
_UNUSABLE = Refusal(
    422, "unusable", "Some of what was sent cannot be used. See “errors” for each place.",
    ({"pointer": "/goods/3/contents/dy", "code": "not_a_per_cent", "message": "Write mass per cent from 0 to 100, for example 0.42."},),
)  # fmt: skip


class ClassificationList(Endpoint):
    """Goods judged by the list in force. Nothing is stored."""

    allowed = {"POST": (Permission.FILING_VIEW, Permission.LICENCE_VIEW, Permission.EXPORT_CHECK)}

    @described(
        Operation(
            "classify",
            "Licensing",
            "Whether goods are controlled, and why",
            words="One good as an object, or up to 10,000 as `goods`. Contents are mass per cent of the element: an element "
            "that is absent is unknown, 0 is measured absence. The answers stand in the order of the goods. Only what is in "
            "force on the day decides; suspended instruments and those not in force yet are shown with their status.",
            request=SENT,
            request_example=EXAMPLE,
            refusals=[_UNUSABLE],
            answers={200: Said(ANSWERED, "the verdicts", {"results": [ANSWER], "list_version": 1})},
        )
    )
    def post(self, request: Request) -> HttpResponse:
        data = request.data
        many = isinstance(data, list) or (isinstance(data, dict) and "goods" in data)
        if not many:
            return answer(classify_goods(_read([data], (), many=False))[0].plain())
        given, place = _goods(data)
        verdicts = [verdict.plain() for verdict in classify_goods(_read(given, place))]
        version = verdicts[0]["list_version"] if verdicts else None
        return answer({"results": verdicts, "list_version": version})


def _goods(data: Any) -> tuple[list[Any], tuple[str, ...]]:
    """The goods that were sent, and the member in which they stand."""
    place: tuple[str, ...] = () if isinstance(data, list) else ("goods",)
    given = data if isinstance(data, list) else data["goods"]
    if isinstance(data, dict) and len(data) > 1:
        others = [name for name in data if name != "goods"]
        raise invalid(
            Fault(pointer(name), "unknown_member", _("There is no “%(name)s” here.") % {"name": name[:60]})
            for name in others
        )
    if not isinstance(given, list) or not given:
        raise invalid([Fault(pointer(*place), "not_a_list", _("Send a list with at least one good."))])
    if len(given) > MOST:
        words = _("Send %(most)s goods at once at most.") % {"most": MOST}
        raise invalid([Fault(pointer(*place), "too_many", words)])
    return given, place


def _read(given: list[Any], place: tuple[str, ...], *, many: bool = True) -> list[Good]:
    goods: list[Good] = []
    faults: list[Fault] = []
    for number, data in enumerate(given):
        good, unusable = read(data)
        goods.append(good)
        at: tuple[str | int, ...] = (*place, number) if many else ()
        faults += [Fault(pointer(*at, *one.place), one.code, words_of(one)) for one in unusable]
        if len(faults) >= _TOLD:
            break
    if faults:
        raise invalid(faults[:_TOLD])
    return goods
