"""What a draft of the list would change: products, licences and exports that would be judged otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from licensing.domain.classification import (
    STAGE_FORMS,
    VERDICTS,
    ControlList,
    classify_columns,
    columns_of_frame,
)
from licensing.domain.classification.contents import UNKNOWN, micro
from licensing.models import LicenceLine, ListVersion
from licensing.queries.control_list import in_force, list_of
from portal.core import clock
from portal.registry.models import ELEMENT_SYMBOLS, Product

CONTENTS = tuple(f"{symbol}_pct" for symbol in ELEMENT_SYMBOLS)
GOODS = ("stage", "family", "processing_level", "partners", *CONTENTS)
"""What of a product, or of its copy with a filing, classification reads."""


@dataclass(frozen=True)
class Otherwise:
    """One thing that the draft judges otherwise: the verdicts and the deciding entries before and after."""

    index: int
    before: str
    after: str
    entry_before: str
    entry_after: str


@dataclass(frozen=True)
class ChangedProduct:
    """A product whose verdict changes."""

    product: Product
    change: Otherwise


@dataclass(frozen=True)
class ChangedLine:
    """A line of a licence, and those of its control codes whose standing changes."""

    line: LicenceLine
    codes: list[tuple[str, str, str]]  # code, standing before, standing after


@dataclass(frozen=True)
class Impact:
    """The whole of it, with the number of things looked at. ``products`` and ``lines`` are the first of them."""

    on: date
    product_count: int
    products_changed: int
    products: list[ChangedProduct]
    line_count: int
    lines_changed: int
    lines: list[ChangedLine]


def impact_of(draft: ListVersion, *, on: date | None = None, shown: int = 100) -> Impact:
    """What would change on a day (today) for live products and valid licences, were the draft in force."""
    day = on or clock.today()
    products = list(
        Product.objects.filter(retired_at=None).values_list("pk", *GOODS).order_by("organisation_id", "code")
    )
    current, other = in_force(), list_of(draft)
    changes = judged_otherwise([row[1:] for row in products], [day] * len(products), current, other)
    named = Product.objects.select_related("organisation").in_bulk(
        [products[one.index][0] for one in changes[:shown]]
    )
    lines = list(
        LicenceLine.objects.filter(licence__status="valid", licence__expires_on__gte=day)
        .exclude(control_codes="")
        .select_related("licence", "licence__exporter")
    )
    changed = [one for line in lines if (one := _changed_line(line, current, other, day)) is not None]
    return Impact(
        day,
        len(products),
        len(changes),
        [ChangedProduct(named[products[one.index][0]], one) for one in changes[:shown]],
        len(lines),
        len(changed),
        changed[:shown],
    )


def judged_otherwise(
    rows: Sequence[Sequence[Any]], days: Iterable[date], current: ControlList, other: ControlList
) -> list[Otherwise]:
    """Those of the goods (rows of ``GOODS``), each on its day, whose verdict or entry is another by the other list."""
    if not rows:
        return []
    frame = _frame(rows, days)
    before = classify_columns(columns_of_frame(frame, current), current)
    after = classify_columns(columns_of_frame(frame, other), other)
    old, new = _codes(current, before.entry), _codes(other, after.entry)
    different = np.flatnonzero((before.verdict != after.verdict) | (old != new))
    return [
        Otherwise(
            int(at), VERDICTS[before.verdict[at]], VERDICTS[after.verdict[at]], str(old[at]), str(new[at])
        )
        for at in different
    ]


def _codes(control_list: ControlList, places: Any) -> Any:
    codes = np.array([*(entry.control_code for entry in control_list.entries), ""], dtype=object)
    return codes[places]


def _frame(rows: Sequence[Sequence[Any]], days: Iterable[date]) -> pd.DataFrame:
    """The goods as the frame that classification reads."""
    columns = dict(zip(GOODS, zip(*rows, strict=True), strict=True))
    frame: dict[str, Any] = {
        "on": pd.to_datetime(list(days)),
        "form": [STAGE_FORMS.get(stage, "") for stage in columns["stage"]],
        "family": list(columns["family"]),
        "processing_level": list(columns["processing_level"]),
        "partners": list(columns["partners"]),
    }
    for name in CONTENTS:
        frame[name] = np.fromiter(map(_micro, columns[name]), np.int64, len(rows))
    return pd.DataFrame(frame)


def _micro(amount: Decimal | None) -> int:
    return UNKNOWN if amount is None else micro(amount)


def _changed_line(
    line: LicenceLine, current: ControlList, other: ControlList, on: date
) -> ChangedLine | None:
    codes = []
    for code in line.codes:
        before, after = standing(current, code, on), standing(other, code, on)
        if before != after:
            codes.append((code, before, after))
    return ChangedLine(line, codes) if codes else None


def standing(control_list: ControlList, code: str, on: date) -> str:
    """The standing of an entry; empty where the list has none with that code."""
    entry = next((one for one in control_list.entries if one.control_code == code), None)
    return str(control_list.status_of_entry(entry, on).standing) if entry is not None else ""
