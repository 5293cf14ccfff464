"""The dictionary's tables as the bulk load takes them and the export writes them: columns, what each holds, the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Holds = Literal[
    "text", "code", "codes", "uscc", "country", "digits", "period", "day", "instant", "whole", "truth", "per_cent",
    "kilograms", "yuan",
]  # fmt: skip

LONG: Final = 1_000_000
ELEMENTS: Final = (
    "la",
    "ce",
    "pr",
    "nd",
    "sm",
    "eu",
    "gd",
    "tb",
    "dy",
    "ho",
    "er",
    "tm",
    "yb",
    "lu",
    "sc",
    "y",
)
ACTIVITIES: Final = (
    "mine",
    "separator",
    "metal",
    "alloy",
    "magnet",
    "assembler",
    "recycler",
    "trader",
    "exporter",
)
STAGES: Final = (
    "concentrate", "mixed_carbonate", "oxide", "metal", "alloy", "magnet_block", "magnet", "assembly", "scrap",
    "target", "compound",
)  # fmt: skip
LICENCE_STATUSES: Final = ("valid", "suspended", "revoked", "surrendered", "exhausted", "expired")
KINDS: Final = (
    "opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained",
    "consumed", "sold", "exported", "returned_out", "tolled_out", "lost", "closing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, the codes it knows, its longest text, and whether a row can be kept without it."""

    name: str
    holds: Holds = "text"
    codes: tuple[str, ...] = ()
    longest: int = LONG
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in the order in which they are written, and the columns of its key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that a file must have."""
        return tuple(column.name for column in self.columns if column.needed)


def _owner(name: str = "organisation", *, needed: bool = True) -> Column:
    return Column(name, "uscc", longest=18, needed=needed)


_CONTENTS: Final = (
    *(Column(f"{symbol}_pct", "per_cent") for symbol in ELEMENTS),
    Column("assay_rel_uncertainty_pct", "per_cent"),
)

_ALL: Final = (
    Table(
        "calendar_days",
        (Column("date", "day", needed=True), Column("working", "truth", needed=True)),
        ("date",),
    ),
    Table(
        "organisations",
        (
            _owner("uscc"),
            Column("name_zh", longest=200),
            Column("name_en", longest=200),
            Column("activities", "codes", ACTIVITIES),
            Column("province", longest=60),
            Column("reports_from", "period"),
            Column("reports_until", "period"),
            Column("capacity_kg_year", "kilograms"),
        ),
        ("uscc",),
    ),
    Table(
        "products",
        (
            _owner(),
            Column("code", longest=40, needed=True),
            Column("name", longest=200),
            Column("stage", "code", STAGES),
            Column("family", "code", ("ndfeb", "smco", "other")),
            Column("hs_code", "digits", longest=10),
            Column("grade", longest=40),
            Column("processing_level", "code", ("bulk", "primary_shape", "assembly", "downstream")),
            Column("partners", longest=60),
            *_CONTENTS,
        ),
        ("organisation", "code"),
    ),
    Table(
        "counterparties",
        (
            _owner(),
            Column("code", longest=40, needed=True),
            Column("name", longest=300),
            Column("name_local", longest=300),
            Column("country", "country"),
            Column("id_type", "code", ("USCC", "LEI", "VAT", "EORI", "DUNS", "OTHER")),
            Column("id_number", longest=60),
            Column("address", longest=300),
            Column("city", longest=100),
            Column("end_use", longest=300),
            Column("end_user_name", longest=300),
            Column("end_user_country", "country"),
        ),
        ("organisation", "code"),
    ),
    Table(
        "lots",
        (
            _owner(),
            Column("batch", longest=60, needed=True),
            Column("product", longest=40, needed=True),
            *_CONTENTS,
            Column("assay_no", longest=60),
            Column("laboratory", longest=200),
            Column("assayed_on", "day"),
        ),
        ("organisation", "batch", "product"),
    ),
    Table(
        "extensions",
        (
            _owner(needed=False),
            Column("period", "period", needed=True),
            Column("until", "day", needed=True),
            Column("reason"),
        ),
        ("organisation", "period", "until"),
    ),
    Table(
        "licences",
        (
            Column("licence_no", longest=60, needed=True),
            _owner("exporter"),
            Column("kind", "code", ("individual", "single", "general")),
            Column("issued_on", "day", needed=True),
            Column("expires_on", "day", needed=True),
            Column("status", "code", LICENCE_STATUSES),
            Column("suspended_from", "day"),
            Column("suspended_until", "day"),
            Column("revoked_on", "day"),
            Column("max_uses", "whole"),
            Column("tolerance_pct", "per_cent"),
            Column("consignee_name"),
            Column("consignee_id"),
            Column("end_user_name"),
            Column("end_user_id"),
            Column("destination", longest=800),
        ),
        ("licence_no",),
    ),
    Table(
        "licence_lines",
        (
            Column("licence_no", longest=60, needed=True),
            Column("line_no", "whole", needed=True),
            Column("control_code", longest=400),
            Column("hs_code", "digits", longest=10),
            Column("description"),
            Column("quantity_kg", "kilograms", needed=True),
        ),
        ("licence_no", "line_no"),
    ),
    Table(
        "declarations",
        (
            Column("declaration_no", longest=60, needed=True),
            Column("item_no", "whole", needed=True),
            Column("declared_on", "day", needed=True),
            _owner("exporter"),
            Column("licence_no", longest=60),
            Column("licence_line_no", "whole"),
            Column("hs_code", "digits", longest=10),
            Column("description"),
            Column("quantity_kg", "kilograms"),
            Column("value_cny", "yuan"),
            Column("destination", "country"),
            Column("consignee_name"),
        ),
        ("declaration_no", "item_no"),
    ),
    Table(
        "watchlist",
        (
            Column("list", longest=60, needed=True),
            Column("entry", longest=40, needed=True),
            Column("name", longest=300, needed=True),
            Column("aliases"),
            Column("country", "country"),
            Column("id_number", longest=60),
            Column("reason"),
            Column("effect", "code", ("deny", "no_general", "review")),
            Column("valid_from", "day"),
            Column("valid_until", "day"),
        ),
        ("list", "entry"),
    ),
    Table(
        "quotas",
        (
            _owner(),
            Column("year", "whole", needed=True),
            Column("stage", "code", ("concentrate", "oxide"), needed=True),
            Column("quantity_kg", "kilograms", needed=True),
        ),
        ("organisation", "year", "stage"),
    ),
    Table(
        "reference_prices",
        (
            Column("period", "period", needed=True),
            Column("stage", "code", STAGES, needed=True),
            Column("family", "code", ("ndfeb", "smco", "other")),
            Column("main_element", "code", ELEMENTS),
            Column("market", "code", ("home", "export")),
            Column("low_cny_kg", "yuan", needed=True),
            Column("high_cny_kg", "yuan", needed=True),
        ),
        ("period", "stage", "family", "main_element", "market"),
    ),
    Table(
        "invoices",
        (
            Column("invoice_no", longest=60, needed=True),
            Column("issued_on", "day", needed=True),
            _owner("seller"),
            _owner("buyer"),
            Column("stage", "code", STAGES),
            Column("description", longest=300),
            Column("quantity_kg", "kilograms"),
            Column("value_cny", "yuan"),
            Column("tax_cny", "yuan"),
            Column("status", "code", ("issued", "voided", "red")),
            Column("voided_on", "day"),
        ),
        ("seller", "invoice_no"),
    ),
    Table(
        "filings",
        (
            _owner(),
            Column("period", "period", needed=True),
            Column("version", "whole", needed=True),
            Column("submitted_at", "instant", needed=True),
            Column("nil", "truth"),
            Column("amendment_reason"),
            Column("status", "code", ("submitted", "accepted", "returned", "withdrawn")),
        ),
        ("organisation", "period", "version"),
    ),
    Table(
        "lines",
        (
            _owner(),
            Column("period", "period", needed=True),
            Column("version", "whole", needed=True),
            Column("line_no", "whole", needed=True),
            Column("kind", "code", KINDS),
            Column("product", longest=40),
            Column("quantity_kg", "kilograms"),
            Column("value_cny", "yuan"),
            Column("counterparty", longest=40),
            Column("destination", "country"),
            Column("licence_no", longest=60),
            Column("declaration_no", longest=60),
            Column("invoice_no", longest=60),
            Column("licence_line_no", "whole"),
            Column("date", "day"),
            Column("batch", longest=100),
            Column("from_batches"),
            Column("note"),
        ),
        ("organisation", "period", "version", "line_no"),
    ),
)

TABLES: Final[Mapping[str, Table]] = {table.name: table for table in _ALL}
"""The tables that have a place in the portal, in the order in which they are loaded."""
