"""A lot followed through the chain, back to what it was made from and onward to what became of it.

Level by level, a few statements each: a lot that is reached twice is asked about once, so that rings end and blends do
not multiply. What counts is what is in force. An organisation sees its own filings alone; the regulator, all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.accounts.roles import Kind as OrganisationKind
from portal.core.actors import Actor
from portal.core.months import Month
from portal.core.permissions import Permission
from portal.core.templatetags.lodestone import kg, month
from portal.core.words import one_line
from portal.registry.models import IdentifierType
from reporting.models import FiledSource, Kind, Line
from reporting.models.filings import newer_than
from reporting.states import FILED_STATUSES

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
    grams: int
    first: Month
    last: Month

    @property
    def words(self) -> str:
        """The product left out where the line names none."""
        values = {
            "kind": self.kind.label,
            "kg": kg(self.grams),
            "product": self.product,
            "month": month(self.first),
        }
        if self.last != self.first:
            values["month"] = f"{values['month']} – {month(self.last)}"
        if not self.product:
            return _("%(kind)s: %(kg)s kg, %(month)s") % values
        return _("%(kind)s: %(kg)s kg of %(product)s, %(month)s") % values


@dataclass(frozen=True)
class Step:
    """A lot at so many steps from the one that is followed, and how much of it went that way, as far as it was said."""

    distance: int
    lot: Lot
    grams: int | None
    organisation: Organisation | None = None
    movements: Sequence[Movement] = ()

    @property
    def words(self) -> str:
        """What is on record of it; of a supplier's lot whose filings are not the reader's, that it is the supplier's."""
        if not self.movements and self.lot.uscc:
            return _("of the supplier %(code)s") % {"code": self.lot.uscc}
        if not self.movements and self.lot.batch:
            return _("not named in its own filings")
        return one_line(one.words for one in self.movements) or "–"


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
        self._all = actor.may(Permission.SUPERVISE)
        self._own = None if self._all else actor.organisation_id
        enterprises = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE) if self._all else None
        # once for the whole trace: a look-up for each level costs more than all that there are
        self._owners = {} if enterprises is None else dict(enterprises.values_list("pk", "uscc"))
        self._known = {code: owner for owner, code in self._owners.items()}

    def lines(self, lots: Iterable[Lot]) -> QuerySet[Line]:
        """The lines in force of these lots (and of lots of the same number of another of these organisations)."""
        return self._of(Line.objects.exclude(batch=""), lots)

    def _of(self, rows: QuerySet[Any], lots: Iterable[Lot]) -> QuerySet[Any]:
        lots = list(lots)
        owners, batches = _owners(lots), {lot.batch for lot in lots}
        return self._in_force(rows).filter(filing__organisation_id__in=owners, batch__in=batches)

    def _in_force(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = in_force(rows).order_by()
        return rows if self._all else rows.filter(filing__organisation_id=self._own)

    def back(self, lots: Sequence[Lot]) -> Reached:
        """The lots that these were made from or received as."""
        wanted, reached = {(lot.organisation_id, lot.batch) for lot in lots}, Reached()
        made = self._of(FiledSource.objects.all(), lots).values_list(
            "filing__organisation_id", "batch", "source_uscc", "source_batch", "quantity_g"
        )
        for owner, batch, uscc, source, grams in made:
            if (owner, batch) in wanted:
                _add(reached, self._lot(uscc, source) if uscc else Lot(owner, "", source), grams)
        self._add_partners(reached, lots, RECEIVED)
        return reached

    def onward(self, lots: Sequence[Lot]) -> Reached:
        """The lots that were made from these, and these in the hands of whom they were given to."""
        wanted, reached = {(lot.organisation_id, lot.batch) for lot in lots}, Reached()
        owners, batches = _owners(lots), {lot.batch for lot in lots}
        codes = {self._owners[owner] for owner in owners} if self._all else set()
        used = self._in_force(FiledSource.objects.filter(source_batch__in=batches)).filter(
            Q(source_uscc="", filing__organisation_id__in=owners) | Q(source_uscc__in=codes)
        )
        for owner, batch, uscc, source, grams in used.values_list(
            "filing__organisation_id", "batch", "source_uscc", "source_batch", "quantity_g"
        ):
            maker = self._known[uscc] if uscc else owner
            if (maker, source) in wanted and (owner in self._owners or not self._all):
                _add(reached, Lot(owner, "", batch), grams)
        self._add_partners(reached, lots, HANDED_ON)
        return reached

    def _add_partners(self, reached: Reached, lots: Sequence[Lot], kinds: Sequence[Kind]) -> None:
        """The same lots in the hands of the organisations here that they came from or went to."""
        if not self._all:
            return
        wanted = {(lot.organisation_id, lot.batch) for lot in lots}
        rows = self.lines(lots).filter(kind__in=kinds, counterparty__id_type=IdentifierType.USCC)
        for owner, batch, uscc, grams in rows.values_list(
            "filing__organisation_id", "batch", "counterparty__id_number", "quantity_g"
        ):
            if (owner, batch) in wanted and uscc in self._known:
                _add(reached, self._lot(uscc, batch), grams)

    def _lot(self, uscc: str, batch: str) -> Lot:
        owner = self._known.get(uscc)
        return Lot(None, uscc, batch) if owner is None else Lot(owner, "", batch)


def in_force(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows that belong to filings, those of versions in force."""
    filed = rows.filter(filing__status__in=sorted(FILED_STATUSES))
    return filed.filter(~Exists(newer_than("filing__")))


def _owners(lots: Iterable[Lot]) -> set[int]:
    return {lot.organisation_id for lot in lots if lot.organisation_id is not None}


def _add(reached: Reached, lot: Lot, grams: int | None) -> None:
    before = reached.get(lot)
    reached[lot] = grams if before is None else before + (grams or 0)


def holders(batch: str) -> list[Organisation]:
    """The enterprises that have a lot of this number on record; at most a page of them."""
    owners = in_force(Line.objects.exclude(batch="").filter(batch=batch)).order_by()
    found = owners.values_list("filing__organisation_id", flat=True).distinct()[:MOST_LOTS]
    enterprises = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, pk__in=list(found))
    return list(enterprises.order_by("name_en", "name_zh", "pk")[:MOST_HOLDERS])


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
        .values_list("filing__organisation_id", "batch", "kind", "product__code")
    )
    summed = rows.annotate(Sum("quantity_g"), Min("filing__period"), Max("filing__period"))
    for owner, batch, kind, product, grams, first, last in sorted(summed, key=lambda row: row[2]):
        lot = Lot(owner, "", batch)
        if lot in lots:
            one = Movement(Kind(kind), product or "", grams or 0, first, last)
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
