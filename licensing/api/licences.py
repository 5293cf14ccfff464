"""``licences/``: one's own licences, what is left of them, and everything that moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from licensing.api.licence_shapes import (
    BALANCE,
    LICENCE,
    LINE,
    MOVEMENT,
    BalanceShape,
    LicenceShape,
    MovementShape,
    WholeLicenceShape,
)
from licensing.models import Licence, LicenceLine, LicenceStatus, Movement
from licensing.queries.licences import (
    balance,
    holds_on,
    movements_of,
    uses_left,
    visible_licence,
    visible_licences,
)
from portal.core import clock
from portal.core.api import paging
from portal.core.api.endpoint import Endpoint, answer
from portal.core.api.problems import not_found
from portal.core.api.schema import Operation, Said, code_parameter, described, page_of
from portal.core.permissions import Permission
from portal.core.quantities import plain

READ: Final = (Permission.LICENCE_VIEW, Permission.EXPORT_CHECK)


class LicenceList(Endpoint):
    """Licences."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "licences_list",
            "Licensing",
            "Your licences, the latest first; for customs every licence",
            paged=True,
            query=[code_parameter("status", "in this state", LicenceStatus.values)],
            answers={200: Said(page_of(LicenceShape), "a page", {"results": [LICENCE], "next": None})},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        rows = visible_licences(self.actor).select_related("predecessor")
        if (status := request.query_params.get("status")) is not None:
            if status not in LicenceStatus.values:
                codes = ", ".join(LicenceStatus.values)
                raise paging.bad_query("status", _("Choose one of: %(codes)s.") % {"codes": codes})
            rows = rows.filter(status=status)
        return answer(paging.page(request, rows, ("-id",), lambda found: [licence_of(one) for one in found]))


class LicenceItem(Endpoint):
    """One licence."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "licences_read",
            "Licensing",
            "One licence with its lines",
            refusals=["not_found"],
            answers={200: Said(WholeLicenceShape, "the licence", LICENCE | {"lines": [LINE]})},
        )
    )
    def get(self, request: Request, licence_no: str) -> HttpResponse:
        licence = _found(self, licence_no)
        return answer(licence_of(licence) | {"lines": [line_of(line) for line in balance(licence)]})


class LicenceBalance(Endpoint):
    """What is left."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "licences_balance",
            "Licensing",
            "What is left of a licence, now",
            refusals=["not_found"],
            answers={200: Said(BalanceShape, "the balance", BALANCE)},
        )
    )
    def get(self, request: Request, licence_no: str) -> HttpResponse:
        licence = _found(self, licence_no)
        data = {
            "licence_no": licence.licence_no,
            "status": licence.status,
            "holds_today": not holds_on(licence, clock.today()),
            "uses_left": uses_left(licence),
            "lines": [line_of(line) for line in balance(licence)],
        }
        return answer(data)


class LicenceMovements(Endpoint):
    """Everything that moved."""

    allowed = {"GET": READ}

    @described(
        Operation(
            "licences_movements",
            "Licensing",
            "Every movement of a licence's ledger, the latest first",
            paged=True,
            refusals=["not_found"],
            answers={200: Said(page_of(MovementShape), "a page", {"results": [MOVEMENT], "next": None})},
        )
    )
    def get(self, request: Request, licence_no: str) -> HttpResponse:
        rows = movements_of(_found(self, licence_no))
        return answer(paging.page(request, rows, ("-id",), _movements))


def _found(view: Endpoint, licence_no: str) -> Licence:
    found = visible_licence(view.actor, licence_no)
    if found is None:
        raise not_found()
    return found


def licence_of(licence: Licence) -> dict[str, Any]:
    """A licence as plain values."""
    days = ("issued_on", "expires_on", "suspended_from", "suspended_until", "revoked_on")
    texts = ("consignee_name", "consignee_id", "end_user_name", "end_user_id", "destination")
    tolerance = format(licence.tolerance_pct.normalize(), "f")
    return {
        "licence_no": licence.licence_no,
        "exporter": licence.exporter.uscc,
        "kind": licence.kind,
        "status": licence.status,
        **{name: day.isoformat() if (day := getattr(licence, name)) else None for name in days},
        "max_uses": licence.max_uses,
        "tolerance_pct": tolerance,
        **{name: getattr(licence, name) for name in texts},
        "no_split": licence.no_split,
        "replaces": licence.predecessor.licence_no if licence.predecessor is not None else None,
    }


def line_of(line: LicenceLine) -> dict[str, Any]:
    """A line with its balances as plain values."""
    return {
        "line_no": line.line_no,
        "control_code": line.control_codes,
        "hs_code": line.hs_code,
        "description": line.description,
        "quantity_kg": plain(line.authorised_g, decimals=line.quantity_dp),
        "ceiling_kg": plain(line.ceiling_g),
        "reserved_kg": plain(line.reserved_g),
        "drawn_kg": plain(line.drawn_g),
        "carried_kg": plain(line.carried_g),
        "balance_kg": plain(line.balance_g),
    }


def _movements(rows: Sequence[Movement]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "line_no": row.line.line_no,
            "sequence": row.sequence,
            "kind": row.kind,
            "from_account": row.source,
            "to_account": row.target,
            "quantity_kg": plain(row.grams),
            "drawn_after_kg": plain(row.drawn_after),
            "reserved_after_kg": plain(row.reserved_after),
            "cause": row.cause,
            "declaration_no": row.declaration_no or None,
            "item_no": row.item_no,
            "day": row.day.isoformat(),
            "at": row.at.astimezone(clock.BEIJING).isoformat(),
        }
        for row in rows
    ]
