"""Everything that can happen to a licence, in any order and repeated, beside a plain model of what should be left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from licensing.models import Licence
from licensing.queries.reconciliation import differences
from licensing.services import ledger, licences
from portal.accounts.models import Organisation
from portal.core.errors import Refused
from tests.licensing import issued
from tests.licensing.issued import CUSTOMS, OFFICE

GRAMS = st.integers(1, 60)
ITEM = st.tuples(st.sampled_from(["A", "B", "C", "D"]), st.integers(1, 2))


class Ledger(RuleBasedStateMachine):
    """The model: what each item drew, which were taken back, what is reserved, whether the licence is suspended."""

    exporter: Organisation
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.drawn: dict[tuple[str, int], int] = {}
        self.taken_back: set[tuple[str, int]] = set()
        self.reserved = 0
        self.suspended = False
        self.uses: int | None = None
        self.serial = 0

    @initialize(uses=st.sampled_from([None, 2]), tolerance=st.sampled_from(["0", "7.5"]))
    def issue(self, uses: int | None, tolerance: str) -> None:
        self.uses, self.tolerance = uses, Decimal(tolerance)
        self.licence = self._issued(100)
        self.ceiling = 107 if tolerance == "7.5" else 100

    def _issued(self, grams: int, **more: Any) -> Licence:
        lines = [issued.line_terms(grams=grams)]
        return issued.licence(self.exporter, *lines, max_uses=self.uses, tolerance_pct=self.tolerance, **more)

    def key(self) -> str:
        self.serial += 1
        return f"{self.licence.pk}-{self.serial}"

    @property
    def line_id(self) -> int:
        return issued.line_of(self.licence).pk

    @property
    def left(self) -> int:
        return self.ceiling - self.reserved - sum(self.drawn.values())

    def outcome(self, call: Any) -> str:
        try:
            call()
        except Refused as refusal:
            return refusal.code
        return ""

    def may_use(self, number: str) -> bool:
        used = {name for name, _item in self.drawn}
        return self.uses is None or number in used or len(used) < self.uses

    @rule(item=ITEM, grams=GRAMS, reserved=st.booleans())
    def draw(self, item: tuple[str, int], grams: int, reserved: bool) -> None:
        fits = grams <= (self.reserved if reserved else self.left)
        new = item not in self.drawn and item not in self.taken_back
        legal = new and not self.suspended and self.may_use(item[0]) and fits
        key = self.key()
        code = self.outcome(
            lambda: ledger.draw(
                by=CUSTOMS, line_id=self.line_id, grams=grams, declaration=item, key=key, reserved=reserved
            )
        )
        assert (code == "") == legal, code
        if legal:
            self.drawn[item] = grams
            self.reserved -= grams if reserved else 0
            again = ledger.draw(
                by=CUSTOMS, line_id=self.line_id, grams=grams, declaration=item, key=key, reserved=reserved
            )
            assert again.grams == grams

    @rule(item=ITEM)
    def reverse(self, item: tuple[str, int]) -> None:
        ledger.reverse(by=CUSTOMS, declaration=item)
        self.drawn.pop(item, None)
        self.taken_back.add(item)

    @rule(item=ITEM, grams=GRAMS)
    def adjust(self, item: tuple[str, int], grams: int) -> None:
        legal = item in self.drawn and grams - self.drawn[item] <= self.left
        key = self.key()
        code = self.outcome(lambda: ledger.adjust(by=CUSTOMS, declaration=item, grams=grams, key=key))
        assert (code == "") == legal, code
        if legal:
            self.drawn[item] = grams

    @rule(grams=GRAMS)
    def reserve(self, grams: int) -> None:
        legal = grams <= self.left and not self.suspended
        key, line_id = self.key(), self.line_id
        code = self.outcome(lambda: ledger.reserve(by=CUSTOMS, line_id=line_id, grams=grams, key=key))
        assert (code == "") == legal, code
        self.reserved += grams if legal else 0

    @rule(grams=GRAMS)
    def release(self, grams: int) -> None:
        legal = grams <= self.reserved
        key, line_id = self.key(), self.line_id
        code = self.outcome(lambda: ledger.release(by=CUSTOMS, line_id=line_id, grams=grams, key=key))
        assert (code == "") == legal, code
        self.reserved -= grams if legal else 0

    @rule(grams=st.integers(60, 140))
    def amend(self, grams: int) -> None:
        """A successor with another quantity takes over."""
        ceiling = grams + int(grams * self.tolerance / 100)
        legal = not self.suspended and self.ceiling - self.left <= ceiling
        code = self.outcome(lambda: setattr(self, "licence", self._issued(grams, predecessor=self.licence)))
        assert (code == "") == legal, code
        if legal:
            self.ceiling = ceiling

    @precondition(lambda self: not self.suspended)
    @rule()
    def suspend(self) -> None:
        licences.suspend(by=OFFICE, licence_id=self.licence.pk)
        self.suspended = True

    @precondition(lambda self: self.suspended)
    @rule()
    def lift(self) -> None:
        licences.lift(by=OFFICE, licence_id=self.licence.pk)
        self.suspended = False

    @invariant()
    def adds_up(self) -> None:
        if not hasattr(self, "licence"):
            return
        line = issued.line_of(self.licence)
        assert (line.reserved_g, line.drawn_g, line.balance_g) == (
            self.reserved, sum(self.drawn.values()), self.left,
        )  # fmt: skip
        assert 0 <= line.balance_g <= line.ceiling_g
        assert differences() == []
        self.licence.refresh_from_db()
        expected = "suspended" if self.suspended else ("valid" if self.left else "exhausted")
        assert self.licence.status == expected

    def teardown(self) -> None:
        connection.check_constraints()


@pytest.mark.holds("licence-any-order")
def test_the_ledger_does_what_the_plain_model_does(aurora: Organisation) -> None:
    machine = type("AuroraLedger", (Ledger,), {"exporter": aurora})
    rounds = settings(max_examples=8, stateful_step_count=20, deadline=None)
    with_rollback(machine, rounds)


def with_rollback(machine: Any, rounds: settings) -> None:
    """Each example begins on the same ground."""
    from django.db import transaction

    class Undone(machine):
        def __init__(self) -> None:
            self.ground = transaction.atomic()
            self.ground.__enter__()
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            transaction.set_rollback(True)
            self.ground.__exit__(None, None, None)

    run_state_machine_as_test(Undone, settings=rounds)
