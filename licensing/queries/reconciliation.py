"""Whether the ledger adds up: every line's balances beside the sums of its movements, and the declarations beside both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from licensing.domain.ledger import Account, MovementKind, ceiling_of
from licensing.models import Declaration, DeclarationState, LicenceLine, Movement

AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what the movements say."""

    licence_no: str
    line_no: int
    what: str  # authorised, reserved, drawn, carried, moves, ceiling, declared
    stands: int
    should: int

    def line(self) -> str:
        """As a command prints it."""
        return f"{self.licence_no}/{self.line_no}: {self.what} is {self.stands}, should be {self.should}"


def differences() -> list[Difference]:
    """Every figure of every line that differs, by licence and line."""
    return [*_of_accounts(), *_of_declarations()]


def _gone(account: str) -> Any:
    """What an account got less what it gave, over all movements."""
    moved = Case(
        When(movements__target=account, then=F("movements__grams")),
        When(movements__source=account, then=-F("movements__grams")),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Coalesce(Sum(moved), 0)


def _of_accounts() -> Iterator[Difference]:
    lines = LicenceLine.objects.select_related("licence").annotate(
        granted_sum=-_gone(Account.GRANTED),
        reserved_sum=_gone(Account.RESERVED),
        drawn_sum=_gone(Account.DRAWN),
        carried_sum=_gone(Account.CARRIED),
        moves_count=Coalesce(Sum(Case(When(movements__id__isnull=False, then=1), default=0)), 0),
    )
    for line in lines.order_by("licence__licence_no", "line_no").iterator(chunk_size=AT_ONCE):
        figures = {
            "authorised": (line.authorised_g, line.granted_sum),
            "reserved": (line.reserved_g, line.reserved_sum),
            "drawn": (line.drawn_g, line.drawn_sum),
            "carried": (line.carried_g, line.carried_sum),
            "moves": (line.moves, line.moves_count),
            "ceiling": (line.ceiling_g, ceiling_of(line.authorised_g, line.licence.tolerance_pct)),
        }
        for what, (stands, should) in figures.items():
            if stands != should:
                yield Difference(line.licence.licence_no, line.line_no, what, stands, should)


def _of_declarations() -> Iterator[Difference]:
    """Records that say they drew, beside what their movements drew; and draws that no longer have what they drew for."""
    drawn = (
        Q(kind=MovementKind.DRAW.value)
        | Q(kind=MovementKind.ADJUST.value)
        | Q(kind=MovementKind.REVERSE.value)
    )
    change = Case(
        When(target=Account.DRAWN.value, then=F("grams")),
        When(source=Account.DRAWN.value, then=-F("grams")),
        default=Value(0),
        output_field=IntegerField(),
    )
    rows = Movement.objects.filter(drawn).exclude(declaration_no="").order_by()
    sums = {
        (number, item, line): grams
        for number, item, line, grams in rows.values_list("declaration_no", "item_no", "line_id").annotate(
            net=Sum(change)
        )
    }
    records = Declaration.objects.exclude(line=None).select_related("licence", "line")
    for record in records.order_by("declaration_no", "item_no").iterator(chunk_size=AT_ONCE):
        assert record.line is not None
        assert record.licence is not None
        should = (record.quantity_g or 0) if record.state == DeclarationState.DRAWN else 0
        stands = sums.get((record.declaration_no, record.item_no, record.line_id), 0)
        if stands != should:
            yield Difference(record.licence.licence_no, record.line.line_no, "declared", stands, should)
