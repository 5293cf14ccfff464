"""``export-checks/``: may these goods leave? The answer customs acts on; a permit has drawn the licence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from licensing.api.licence_shapes import ASKED, CHECKED, AskedShape, CheckedShape
from licensing.domain.classification import Good
from licensing.domain.declared import Asked
from licensing.forms import goods
from licensing.forms.declared import ITEM_MEMBERS, Reader, read_item
from licensing.services import export_checks
from portal.core.api import bodies, idempotency
from portal.core.api.bodies import pointer
from portal.core.api.endpoint import Endpoint, acts, answer
from portal.core.api.problems import Fault, Problem, invalid
from portal.core.api.schema import Operation, Refusal, Said, described
from portal.core.permissions import Permission

_BEYOND: Final = ("consignee_id", "end_user_name", "end_user_id", "customs_office", "transport_mode")
_MEMBERS: Final = (
    *(name for name in ITEM_MEMBERS if name not in {"hs_code", "description"}), *_BEYOND, "goods", "unit", "dry_run",
)  # fmt: skip
_REHEARSE: Final = Refusal(403, "rehearsal_only", "Only customs draws a licence. Send “dry_run”: true.")
_KEY_MISSING: Final = Refusal(
    400, "idempotency_key_missing", "Send an Idempotency-Key: a new one (a UUID) for each request."
)


class ExportCheckList(Endpoint):
    """The question, and its answer."""

    allowed = {"POST": (Permission.EXPORT_CHECK, Permission.LICENCE_VIEW)}
    calls_a_minute = "API_EXPORT_CHECKS_A_MINUTE"

    @described(
        Operation(
            "export_check",
            "Licensing",
            "May these goods leave? Permit, hold or deny",
            words="For customs; with `dry_run: true` for an exporter about its own exports. The goods are judged as by a "
            "classification; a permit of controlled goods has drawn the licence under this item of the declaration, once. "
            "`hold`: a person looks; `deny`: no. The answer is signed. An Idempotency-Key is needed.",
            request=AskedShape,
            request_example=ASKED,
            creates=True,
            refusals=[_KEY_MISSING, _REHEARSE],
            answers={200: Said(CheckedShape, "the answer", CHECKED)},
        )
    )
    def post(self, request: Request) -> HttpResponse:
        if idempotency.key_of(request) is None:
            words = gettext_lazy("Send an Idempotency-Key: a new one (a UUID) for each request.")
            raise Problem(400, "idempotency_key_missing", words)
        done: HttpResponse = self._check(request)
        return done

    @acts
    def _check(self, request: Request) -> HttpResponse:
        given = bodies.members(request, _MEMBERS)
        dry_run = bodies.flag(given, "dry_run")
        asked, good = read_asked(given, dry_run=dry_run)
        return answer(export_checks.check(by=self.actor, asked=asked, good=good, dry_run=dry_run))


def read_asked(given: dict[str, Any], *, dry_run: bool) -> tuple[Asked, Good]:
    """The question that was sent. Raises the problem 422 with every place that cannot be used."""
    sent = given.get("goods")
    good, unusable = goods.read({} if sent is None else sent)
    faults = [Fault(pointer("goods", *fault.place), fault.code, goods.words_of(fault)) for fault in unusable]
    if sent is None:
        faults = [Fault("/goods", "required", _("This is needed."))]
    reader = Reader({**given, "hs_code": good.hs_code, "description": good.description})
    if reader.text("unit") not in {"", "kg"}:
        reader.fault("unit", "unit_unknown")
    item = read_item(reader, numbered=not dry_run)
    beyond = {name: reader.text(name) for name in _BEYOND}
    faults += [Fault(pointer(fault.name), fault.code, fault.words()) for fault in reader.faults]
    if faults:
        raise invalid(_told_once(faults))
    return Asked(item, **beyond), replace(good, on=None)  # the customs day decides


def _told_once(faults: Iterable[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))
