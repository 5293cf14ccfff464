"""What the tables of a load know of one another: keys, and where they stand in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from licensing.models import Licence
from portal.accounts.models import Organisation
from portal.exchange.domain.faults import LoadFault, Unparsable
from portal.registry.models import Counterparty, Product


@dataclass(slots=True)
class Keys:
    """Keys of the registers -> ids."""

    organisations: dict[str, int] = field(default_factory=dict)
    products: dict[tuple[int, str], int] = field(default_factory=dict)
    counterparties: dict[tuple[int, str], int] = field(default_factory=dict)
    licences: dict[str, int] = field(default_factory=dict)

    def unwritten(self) -> int:
        """A number in place of an id, for what will not be written because of a fault, but may be named by others."""
        known = len(self.organisations) + len(self.products) + len(self.counterparties) + len(self.licences)
        return -(known + 1)

    def read(self) -> None:
        """Take over what the database has; keys of faulty rows stay known."""
        owners = Organisation.objects.exclude(uscc=None)
        self.organisations.update(owners.values_list("uscc", "pk"))  # type: ignore[arg-type]
        self.products.update(
            {
                (owner, code): pk
                for pk, owner, code in Product.objects.values_list("pk", "organisation_id", "code")
            }
        )
        self.counterparties.update(
            {
                (owner, code): pk
                for pk, owner, code in Counterparty.objects.values_list("pk", "organisation_id", "code")
            }
        )
        self.licences.update(Licence.objects.values_list("licence_no", "pk"))


def owner_of(cells: Mapping[str, Any], keys: Keys, column: str = "organisation") -> int:
    """The id of the organisation that a row names. Unparsable where there is none."""
    owner = keys.organisations.get(cells[column])
    if owner is None:
        raise Unparsable("unknown_key", column=column, typed=cells[column])
    return owner


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a load made of one table."""

    table: str
    file: str
    rows: int
    added: int
    changed: int
    unchanged: int

    def as_json(self) -> dict[str, int | str]:
        """The counts as the trail keeps them."""
        return {
            "table": self.table,
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
        }


@dataclass(slots=True)
class Report:
    """What a load did, or why it did nothing."""

    tables: list[TableReport] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    faults: list[LoadFault] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether nothing was stored."""
        return bool(self.faults)
