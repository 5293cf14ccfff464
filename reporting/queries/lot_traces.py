"""A lot followed through the chain, back to what it was made from and onward to what became of it.

Level by level, a few statements each: a lot that is reached twice is asked about once, so that rings end and blends do
not multiply. What counts is what is in force. An organisation sees its own filings alone; the regulator, all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Max, Min, Q, QuerySet, Sum

from portal.accounts.models import Organisation
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.registry.models import IdentifierType
from reporting.models import FiledSource, Filing, Kind, Line

DEEPEST: Final = 20
MOST_LOTS: Final = 500  # in each direction
MOST_HOLDERS: Final = 20
RECEIVED: Final = (Kind.PURCHASED, Kind.TOLLED_IN, Kind.RETURNED_IN)
HANDED_ON: Final = (Kind.SOLD, Kind.EXPORTED, Kind.TOLLED_OUT, Kind.RETURNED_OUT)


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot and whose it is: an organisation here, or a supplier known by its code alone."""

    organisation_id: int | None
    uscc: str
    batch: str


@dataclass(frozen=True)
class Movement:
    """What is on record of a lot under one kind of line and one product."""

    kind: Kind
    product: str
    stage: str
    grams: int
    first: Month
    last: Month


@dataclass(frozen=True)
class Step:
    """A lot at so many steps from the one that is followed, and how much of it went that way, as far as it was said."""

    distance: int
    lot: Lot
    grams: int | None
    organisation: Organisation | None = None
    movements: Sequence[Movement] = ()


@dataclass(frozen=True)
class Delivery:
    """A lot of the trace handed on to somebody."""

    lot: Lot
    organisation: Organisation | None
    kind: Kind
    counterparty: str
    destination: str
    period: Month
    grams: int


@dataclass(frozen=True)
class Trace:
    """Both ways from one lot; ``cut`` says that there is more than is shown."""

    start: Step
    back: Sequence[Step]
    onward: Sequence[Step]
    deliveries: Sequence[Delivery]
    cut: bool


Reached = dict[Lot, int | None]  # -> grams, None where nobody said how many


@dataclass
class _Walk:
    """One direction: what was seen, level by level."""

    start: Lot
    seen: set[Lot] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    cut: bool = False

    def go(self, step: Callable[[Sequence[Lot]], Reached]) -> None:
        """Take step after step until there is nothing new."""
        frontier, self.seen = [self.start], {self.start}
        for distance in range(1, DEEPEST + 1):
            reached = step([lot for lot in frontier if lot.organisation_id is not None and lot.batch])
            frontier = [lot for lot in reached if lot not in self.seen][: MOST_LOTS - len(self.steps) + 1]
            if len(self.steps) + len(frontier) > MOST_LOTS:
                frontier, self.cut = frontier[: MOST_LOTS - len(self.steps)], True
            self.seen.update(frontier)
            self.steps += [Step(distance, lot, reached[lot]) for lot in frontier]
            if not frontier or self.cut:
                return
        self.cut = True


class Chain:
    """What this reader may follow: everything on record, or one organisation's own filings."""

    def __init__(self, actor: Actor) -> None:
        self.all = actor.may(Permission.SUPERVISE)
        filings = Filing.objects.in_force()
        self._filings = filings.real() if self.all else filings.filter(organisation=actor.organisation)
        self._known: dict[str, int] = {}  # code -> organisation
        self.deliveries: list[tuple[Any, ...]] = []

    def lines(self, lots: Iterable[Lot]) -> QuerySet[Line]:
        """The lines in force of these lots (and of lots of the same number of another of these organisations)."""
        return self._of(Line.objects.exclude(batch=""), lots)

    def _of(self, rows: QuerySet[Any], lots: Iterable[Lot]) -> QuerySet[Any]:
        lots = list(lots)
        return rows.filter(
            filing__in=self._filings,
            filing__organisation_id__in=_owners(lots),
            batch__in={lot.batch for lot in lots},
        ).order_by()

    def back(self, lots: Sequence[Lot]) -> Reached:
        """The lots that these were made from or received as."""
        wanted, reached = {(lot.organisation_id, lot.batch) for lot in lots}, Reached()
        rows = self._of(FiledSource.objects.all(), lots).values_list(
            "filing__organisation_id", "batch", "source_uscc", "source_batch", "quantity_g"
        )
        made = [row for row in rows if row[:2] in wanted]
        received = self._partners(lots, RECEIVED, wanted) if self.all else []
        self._look_up([*(row[2] for row in made), *(row[2] for row in received)])
        for owner, _batch, uscc, source, grams in made:
            _add(reached, self._lot(uscc, source) if uscc else Lot(owner, "", source), grams)
        for _owner, batch, uscc, grams in received:
            if uscc in self._known:
                _add(reached, self._lot(uscc, batch), grams)
        return reached

    def onward(self, lots: Sequence[Lot]) -> Reached:
        """The lots that were made from these, and these in the hands of whom they were given to."""
        wanted, reached = {(lot.organisation_id, lot.batch) for lot in lots}, Reached()
        owners, batches = _owners(lots), {lot.batch for lot in lots}
        codes = _codes(Organisation.objects.filter(pk__in=owners)) if self.all else {}
        rows = FiledSource.objects.filter(filing__in=self._filings, source_batch__in=batches).filter(
            Q(source_uscc="", filing__organisation_id__in=owners) | Q(source_uscc__in=codes)
        )
        for owner, batch, uscc, source, grams in rows.order_by().values_list(
            "filing__organisation_id", "batch", "source_uscc", "source_batch", "quantity_g"
        ):
            if (codes[uscc] if uscc else owner, source) in wanted:
                _add(reached, Lot(owner, "", batch), grams)
        if self.all:
            given = self._partners(lots, HANDED_ON, wanted)
            self._look_up([row[2] for row in given])
            for _owner, batch, uscc, grams in given:
                if uscc in self._known:
                    _add(reached, self._lot(uscc, batch), grams)
        return reached

    def _partners(
        self, lots: Sequence[Lot], kinds: Sequence[Kind], wanted: set[tuple[int | None, str]]
    ) -> list[tuple[int, str, str, int | None]]:
        """(owner, lot, code of the other side, grams) of what was received or handed on."""
        rows = self.lines(lots).filter(kind__in=kinds, counterparty__id_type=IdentifierType.USCC)
        found = rows.values_list("filing__organisation_id", "batch", "counterparty__id_number", "quantity_g")
        return [row for row in found if row[:2] in wanted]

    def _look_up(self, codes: Iterable[str]) -> None:
        new = set(codes) - self._known.keys() - {""}
        if new and self.all:
            self._known |= _codes(Organisation.objects.filter(uscc__in=new))

    def _lot(self, uscc: str, batch: str) -> Lot:
        owner = self._known.get(uscc)
        return Lot(None, uscc, batch) if owner is None else Lot(owner, "", batch)


def _owners(lots: Iterable[Lot]) -> set[int]:
    return {lot.organisation_id for lot in lots if lot.organisation_id is not None}


def _codes(owners: QuerySet[Organisation]) -> dict[str, int]:
    return {uscc: pk for uscc, pk in owners.values_list("uscc", "pk") if uscc is not None}


def _add(reached: Reached, lot: Lot, grams: int | None) -> None:
    before = reached.get(lot)
    reached[lot] = grams if before is None else before + (grams or 0)


def holders(batch: str) -> list[Organisation]:
    """The organisations that have a lot of this number on record; at most a page of them."""
    lines = Line.objects.exclude(batch="").filter(batch=batch, filing__in=Filing.objects.in_force().real())
    owners = lines.order_by().values("filing__organisation_id")
    return list(
        Organisation.objects.filter(pk__in=owners).order_by("name_en", "name_zh", "pk")[:MOST_HOLDERS]
    )


def trace_of(actor: Actor, organisation_id: int, batch: str) -> Trace:
    """Both ways from a lot. The number of statements grows with the steps, not with the lots."""
    chain, start = Chain(actor), Lot(organisation_id, "", batch)
    back, onward = _Walk(start), _Walk(start)
    back.go(chain.back)
    onward.go(chain.onward)
    known = {lot for lot in back.seen | onward.seen if lot.organisation_id is not None}
    owners = Organisation.objects.in_bulk(_owners(known))
    movements = _movements(chain, known)

    def told(steps: Sequence[Step]) -> list[Step]:
        return [
            Step(
                step.distance,
                step.lot,
                step.grams,
                owners.get(step.lot.organisation_id),
                movements.get(step.lot, ()),
            )
            for step in steps
        ]

    gone = {lot for lot in onward.seen if lot.organisation_id is not None}
    deliveries = _deliveries(chain, gone, owners)
    return Trace(
        told([Step(0, start, None)])[0],
        told(back.steps),
        told(onward.steps),
        deliveries[:MOST_LOTS],
        back.cut or onward.cut or len(deliveries) > MOST_LOTS,
    )


def _movements(chain: Chain, lots: set[Lot]) -> dict[Lot, list[Movement]]:
    """What the lines say of each lot, the kinds in the dictionary's order."""
    found: dict[Lot, list[Movement]] = {}
    rows = (
        chain.lines(lots)
        .exclude(kind=None)
        .values_list("filing__organisation_id", "batch", "kind", "product__code", "product__stage")
    )
    summed = rows.annotate(Sum("quantity_g"), Min("filing__period"), Max("filing__period"))
    for owner, batch, kind, product, stage, grams, first, last in sorted(summed, key=lambda row: row[2]):
        lot = Lot(owner, "", batch)
        if lot in lots:
            one = Movement(Kind(kind), product or "", stage or "", grams or 0, first, last)
            found.setdefault(lot, []).append(one)
    return found


def _deliveries(chain: Chain, lots: set[Lot], owners: Mapping[Any, Organisation]) -> list[Delivery]:
    """To whom these lots were handed on, the earliest first."""
    rows = chain.lines(lots).filter(kind__in=HANDED_ON)
    found = rows.values_list(
        "filing__organisation_id", "batch", "kind", "counterparty__code", "destination", "filing__period"
    ).annotate(Sum("quantity_g"))
    made = [
        Delivery(
            Lot(owner, "", batch),
            owners.get(owner),
            Kind(kind),
            party or "",
            destination,
            period,
            grams or 0,
        )
        for owner, batch, kind, party, destination, period, grams in found
        if Lot(owner, "", batch) in lots
    ]
    return sorted(made, key=lambda one: (one.period, one.lot.batch, one.kind, one.counterparty))
