"""The list as the product's files say it, without a database; goods and cases from short texts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from licensing.domain.classification import ControlList, ElementName, Good, list_rows

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).with_name("classification_cases.csv")


def tables() -> dict[str, list[dict[str, str]]]:
    return {
        name: [dict(row) for row in rows]
        for name, rows in list_rows.read_folder(ROOT / "licensing/data").items()
    }


def elements() -> list[ElementName]:
    with (ROOT / "portal/registry/data/elements.csv").open(encoding="utf-8", newline="") as file:
        return [ElementName(row["symbol"], row["name_en"], row["name_zh"]) for row in csv.DictReader(file)]


@cache
def control_list() -> ControlList:
    return ControlList.build(1, tables(), elements())


def list_with(**changed: Any) -> ControlList:
    """The list with some tables otherwise."""
    return ControlList.build(2, {**tables(), **changed}, elements())


def good(contents: str = "", **said: Any) -> Good:
    """A good; contents as ``nd=29 dy=0.18``."""
    pairs = (part.partition("=") for part in contents.split())
    return Good(contents={symbol: Decimal(amount) for symbol, _, amount in pairs}, **said)


def good_of_case(case: Mapping[str, str]) -> Good:
    return good(
        case["contents"],
        id=case["name"],
        on=date.fromisoformat(case["on"]),
        form=case["form"] or None,
        family=case["family"] or None,
        processing_level=case["processing_level"] or None,
        partners=tuple(part for part in case["partners"].split(";") if part),
        hs_code=case["hs_code"],
        description=case["description"],
    )


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
