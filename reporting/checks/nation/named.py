"""Who is named: clients that look like a listed party, and numbers and names that do not go together in the nation's books.

Who looks like whom is decided before, by the register's matching; here it is joined with what was traded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reporting.checks.nation.rows import Nation, Rows, rows_of


def _traded(nation: Nation, named: pd.DataFrame) -> pd.DataFrame:
    """The rows whose party was traded with, with the owner of the record, kg, CNY, and first and last month."""
    how: dict[str, Any] = dict.fromkeys(("contained_kg", "fen"), "sum")
    keys = ["counterparty_id", "organisation_id"]
    deals = nation.gathered.deals
    whole = deals.groupby(keys, as_index=False, sort=True).agg(how)
    months = deals.groupby(keys)["period"].agg(["min", "max"]).reset_index(drop=True)
    whole = whole.assign(first=months["min"], last=months["max"])
    return named.merge(whole, on="counterparty_id").sort_values(
        ["organisation_id", "counterparty_id"], kind="stable"
    )


def _words(column: pd.Series[Any]) -> Any:
    return column.astype(object).where(column.notna(), "").to_numpy(dtype=object)


def _whole(column: pd.Series[Any]) -> Any:
    return column.to_numpy().astype(np.int64)


@rows_of("listed")
def listed(nation: Nation) -> Rows:
    """Records that look like a listed party, one row an entry and role, with what was traded with them."""
    found = _traded(nation, nation.references.likenesses)
    entry, role = _words(found["entry"]), _words(found["role"])
    named = _words(found["named"])
    subject = np.array(
        [f"listed:{one}:{part}:{name}" for one, part, name in zip(entry, role, named, strict=True)],
        dtype=object,
    )
    columns = {
        "named": named, "entry": entry, "listed_name": _words(found["listed_name"]), "effect": _words(found["effect"]), "role": role,
        "likeness": _whole(found["likeness"]), "same_number": found["same_number"].to_numpy(dtype=bool),
        **{name: found[name].to_numpy(dtype=float) for name in ("brand_bits", "place_bits", "industry_bits", "country_bits")},
        "contained_kg": found["contained_kg"].to_numpy(), "traded_cny": found["fen"].to_numpy() / 100,
    }  # fmt: skip
    first, last = _whole(found["first"]), _whole(found["last"])
    return Rows(
        _whole(found["organisation_id"]), first, first, last, subject, columns,
        counterparty=_whole(found["counterparty_id"]),
    )  # fmt: skip


@rows_of("identity")
def identities(nation: Nation) -> Rows:
    """Records whose number or name other enterprises give otherwise, with what was traded with them."""
    found = _traded(nation, nation.references.identities)
    code = _words(found["code"])
    fault = _whole(found["fault"])
    subject = np.array(
        [f"identity:{one}:{kind}" for one, kind in zip(code, fault.tolist(), strict=True)], dtype=object
    )
    columns = {
        "counterparty": code, "fault": fault, "named": _words(found["named"]), "names_elsewhere": _words(found["elsewhere"]),
        "organisations": _whole(found["organisations"]), "records": _whole(found["records"]),
        "contained_kg": found["contained_kg"].to_numpy(), "traded_cny": found["fen"].to_numpy() / 100,
    }  # fmt: skip
    first, last = _whole(found["first"]), _whole(found["last"])
    return Rows(
        _whole(found["organisation_id"]), first, first, last, subject, columns,
        counterparty=_whole(found["counterparty_id"]),
    )  # fmt: skip
