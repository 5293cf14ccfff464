"""Who looks like whom, for the national checks: records of clients held against watch lists and against one another.

The register's matching decides; records of all enterprises are looked at together, distinct names once.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from portal.accounts.roles import Kind
from portal.registry.domain.identifiers import verify
from portal.registry.domain.matching import candidates, evidence
from portal.registry.domain.matching.parties import LIKELY, PROVES
from portal.registry.domain.matching.slots import slots_of
from portal.registry.models import Counterparty
from portal.registry.queries.watch_list import entries_on
from reporting.checks.nation.columns import table

__all__ = ["identities", "likenesses", "records"]

Ints = npt.NDArray[np.int64]
Records = list[tuple[Any, ...]]
_SHOWN: Final = {
    "brand_bits": "brand", "place_bits": "place", "industry_bits": "industry", "country_bits": "country",
}  # fmt: skip
_ALIKE: Final = 78.0


def records() -> Records:
    """What the enterprises' books say of their counterparties: what both tables are made of. One query."""
    rows = Counterparty.objects.filter(organisation__kind=Kind.ENTERPRISE).order_by("pk")
    return list(rows.values_list(
        "pk", "organisation_id", "code", "name", "name_local", "country", "id_type", "id_number", "address", "city",
        "end_user_name", "end_user_country",
    ))  # fmt: skip


def likenesses(day: date, records: Records) -> pd.DataFrame:
    """Clients and end users of all enterprises beside the entries in force that they look like, the best of each name."""
    entries = list(entries_on(day))
    if not entries:
        return table("likenesses")
    named = [
        (row[0], role, name, country, row[7])
        for row in records
        for role, names, country in (
            ("client", row[3:5], row[5]),
            ("end_user", (row[10],), row[11] or row[5]),
        )
        for name in names
        if name.strip()
    ]
    own = pd.DataFrame(named, columns=["counterparty_id", "role", "named", "country", "number"])
    listed = pd.DataFrame(
        [
            (f"{row.list_name} {row.entry}", name, row.country, row.id_number, row.effect)
            for row in entries
            for name in row.names
        ],
        columns=["entry", "listed_name", "country", "number", "effect"],
    )
    pairs = _scored(own[["named", "country"]].drop_duplicates(), listed)
    found = own.merge(pairs, on=["named", "country"]).merge(
        listed.drop(columns="country"), left_on="place", right_index=True
    )
    found = found.assign(same_number=False).drop(columns=["place", "number_x", "number_y", "country"])
    whole = pd.concat([found, _same_numbers(own, listed)], ignore_index=True)
    keys = ["counterparty_id", "role", "entry"]
    best = whole.sort_values([*keys, "likeness", "named"], ascending=[True, True, True, False, True])
    best = best.drop_duplicates(keys)
    return table("likenesses", {str(name): best[name].to_numpy() for name in best})


def _scored(own: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Distinct names beside the listed ones that likely are theirs; ``place``: the row of ``listed``."""
    names = pd.DataFrame({
        "name": [*own["named"], *listed["listed_name"]], "country": [*own["country"], *listed["country"]], "address": "",
    })  # fmt: skip
    slots = [slots_of(name) for name in names["name"]]
    names = pd.concat([names, pd.DataFrame(slots)], axis=1)
    left, right = candidates.pairs_of(slots)
    across = (left < len(own)) & (right >= len(own))
    left, right = left[across], right[across]
    parts = evidence.weigh(names, left, right)
    score = evidence.score_of(parts.sum(axis=1).to_numpy())
    likely = score >= LIKELY
    bits = {name: parts[part].to_numpy()[likely].round(2) for name, part in _SHOWN.items()}
    at = left[likely]
    columns = {"named": own["named"].to_numpy()[at], "country": own["country"].to_numpy()[at]}
    return pd.DataFrame(columns | {"likeness": score[likely], "place": right[likely] - len(own)} | bits)


def _same_numbers(own: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Records with the number of an entry."""
    numbered = listed[listed["number"] != ""].assign(key=lambda rows: rows["number"].map(_plain))
    met = (
        own[(own["number"] != "") & (own["role"] == "client")]
        .assign(key=lambda rows: rows["number"].map(_plain))
        .merge(numbered, on="key")
    )
    bits = dict.fromkeys(_SHOWN, np.nan)
    met = met.assign(likeness=100, same_number=True, **bits)
    return met.drop(columns=["key", "number_x", "number_y", "country_x", "country_y"])


def _plain(number: str) -> str:
    """A number without its kind before a colon, blanks and hyphens."""
    return "".join(mark for mark in number.rpartition(":")[2].upper() if mark.isalnum())


def identities(records: Records) -> pd.DataFrame:
    """Records whose valid number others give another name, and whose name and address others give another number."""
    rows = []
    for pk, owner, code, name, _local, country, kind, number, address, city, *_end_user in records:
        verdict = verify(kind, number, country) if kind in PROVES and number else None
        if verdict is not None and not verdict.warns:
            rows.append(
                (pk, owner, code, name, country, f"{city} {address}".strip(), kind, verdict.normalised)
            )
    columns = ["counterparty_id", "organisation_id", "code", "named", "country", "address", "kind", "number"]
    known = pd.DataFrame(rows, columns=columns)
    if known.empty:
        return table("identities")
    known = pd.concat([known, pd.DataFrame([slots_of(name) for name in known["named"]])], axis=1)
    found = pd.concat([_other_names(known), _other_numbers(known)], ignore_index=True)
    return table("identities", {str(name): found[name].to_numpy() for name in found})


def _other_names(known: pd.DataFrame) -> pd.DataFrame:
    """Of each number the records whose brand is another than the one most enterprises give, in the same script."""
    script = (known["brand_han"] != "").to_numpy()
    keyed = known.assign(group=known["kind"] + known["number"], script=script)
    votes: pd.DataFrame = keyed.groupby(["group", "script", "brand"], as_index=False).agg(
        {"organisation_id": "nunique"}
    )
    votes = votes.sort_values(
        ["group", "script", "organisation_id", "brand"], ascending=[True, True, False, True]
    )
    usual = votes.drop_duplicates(["group", "script"]).rename(
        columns={"brand": "usual", "organisation_id": "organisations"}
    )
    met = keyed.merge(usual, on=["group", "script"])
    example = keyed.drop_duplicates(["group", "script", "brand"]).rename(
        columns={"named": "elsewhere", "brand": "usual"}
    )
    met = met.merge(example[["group", "script", "usual", "elsewhere"]], on=["group", "script", "usual"])
    brand, usual_brand = met["brand"].tolist(), met["usual"].tolist()
    near = np.array([_near(one, other) for one, other in zip(brand, usual_brand, strict=True)], dtype=bool)
    return _told(met[~near], 1)


def _near(one: str, other: str) -> bool:
    """Whether two brands are one with a slip, or one within the other."""
    return one in other or other in one or float(fuzz.ratio(one, other)) >= _ALIKE


def _other_numbers(known: pd.DataFrame) -> pd.DataFrame:
    """Of each name at one address the records whose number is another than the one most enterprises give."""
    some = known[(known["core"] != "") & (known["address"] != "")]
    keyed = some.assign(
        group=some["core"] + "\t" + some["country"] + "\t" + some["address"] + "\t" + some["kind"]
    )
    votes: pd.DataFrame = keyed.groupby(["group", "number"], as_index=False).agg(
        {"organisation_id": "nunique"}
    )
    votes = votes.sort_values(["group", "organisation_id", "number"], ascending=[True, False, True])
    usual = votes.drop_duplicates("group").rename(
        columns={"number": "elsewhere", "organisation_id": "organisations"}
    )
    met = keyed.merge(usual, on="group")
    return _told(met[met["number"] != met["elsewhere"]], 2)


def _told(met: pd.DataFrame, fault: int) -> pd.DataFrame:
    records = (
        met.groupby("group")["counterparty_id"].transform("size") if len(met) else np.zeros(0, dtype=np.int64)
    )
    return pd.DataFrame({
        "counterparty_id": met["counterparty_id"], "code": met["code"], "fault": fault, "named": met["named"],
        "elsewhere": met["elsewhere"], "organisations": met["organisations"], "records": records,
    })  # fmt: skip
