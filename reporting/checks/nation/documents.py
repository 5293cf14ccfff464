"""Papers as rows: invoices and declarations that disagree with what was filed, invoices that two buyers claim; and lateness."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.columns import NA
from reporting.checks.nation.papers import SELLS
from reporting.checks.nation.rows import Nation, Rows, rows_of

Ints = npt.NDArray[np.int64]
_YEAR: Final = 12


@rows_of("paper")
def papers(nation: Nation) -> Rows:
    """Invoices that a filing leaves out, does not know, voids or gives otherwise."""
    found = nation.gathered.papers
    period = found["period"].to_numpy().astype(np.int64)
    kind = found["kind"].to_numpy().astype(np.int64)
    number = found["invoice_no"].to_numpy(dtype=object)
    side = np.where(kind == SELLS, "sale", "purchase")
    subject = np.array([f"invoice:{one}:{no}" for one, no in zip(side, number, strict=True)], dtype=object)
    columns = {
        "fault": found["fault"].to_numpy().astype(np.int64), "kind": kind, "invoice_no": number,
        **{name: found[name].to_numpy().astype(np.int64) for name in ("filed_g", "invoiced_g", "filed_fen", "invoiced_fen")},
    }  # fmt: skip
    owner = found["organisation_id"].to_numpy().astype(np.int64)
    line = found["line_no"].to_numpy().astype(np.int64)
    return Rows(owner, period, period, period, subject, columns, line_no=line)


@rows_of("declaration")
def declarations(nation: Nation) -> Rows:
    """Declarations that filings leave out, that customs does not have, or that the two give otherwise."""
    found = nation.gathered.declarations
    period = found["period"].to_numpy().astype(np.int64)
    number = found["declaration_no"].to_numpy(dtype=object)
    subject = np.array([f"declaration:{no}" for no in number], dtype=object)
    whole = ("fault", "filed_g", "declared_g", "filed_fen", "declared_fen")
    columns = {
        "declaration_no": number, **{name: found[name].to_numpy().astype(np.int64) for name in whole},
        **{name: found[name].to_numpy(dtype=object) for name in ("filed_destination", "declared_destination")},
    }  # fmt: skip
    owner = found["organisation_id"].to_numpy().astype(np.int64)
    line = found["line_no"].to_numpy().astype(np.int64)
    return Rows(owner, period, period, period, subject, columns, line_no=line)


@rows_of("claim")
def claims(nation: Nation) -> Rows:
    """One seller's invoice in the books of several buyers: a row for each of them."""
    found = nation.gathered.claims
    periods = nation.gathered.filed.set_index("filing_id")["period"]
    number, _words = pd.factorize(found["seller"].astype(object) + "\t" + found["invoice_no"].astype(object))
    pairs = pd.DataFrame({"number": number, "owner": found["organisation_id"].to_numpy()}).drop_duplicates()
    buyers = np.bincount(pairs["number"], minlength=number.max(initial=-1) + 1)
    chosen = found[buyers[number] > 1] if len(found) else found
    chosen = chosen.drop_duplicates(["organisation_id", "seller", "invoice_no"])
    count = buyers[number[chosen.index.to_numpy()]] if len(chosen) else np.zeros(0, dtype=np.int64)
    period = periods.reindex(chosen["filing_id"]).to_numpy().astype(np.int64)
    text = chosen["invoice_no"].to_numpy(dtype=object)
    subject = np.array([f"claim:{no}" for no in text], dtype=object)
    columns = {"invoice_no": text, "buyers": count, "quantity_g": chosen["grams"].to_numpy()}
    return Rows(
        chosen["organisation_id"].to_numpy(), period, period, period, subject, columns,
        line_no=chosen["line_no"].to_numpy(),
    )  # fmt: skip


@rows_of("habit")
def habits(nation: Nation) -> Rows:
    """Enterprises over the last twelve months due: how many filings were late or are missing."""
    duties = nation.gathered.duties
    passed = duties[duties["due"] <= duties["as_of"]]
    last = passed.groupby("organisation_id")["period"].max().rename("last")
    recent = passed.join(last, on="organisation_id")
    recent = recent[recent["period"] > recent["last"] - _YEAR]
    submitted = recent["submitted"]
    recent = recent.assign(
        late_count=((submitted != NA) & (submitted > recent["due"])).astype(np.int64),
        missing_count=((submitted == NA) | (submitted > recent["as_of"])).astype(np.int64),
        due_count=1,
    )
    names = ["late_count", "missing_count", "due_count"]
    whole = recent.groupby(["organisation_id", "last"], as_index=False)[names].sum()
    end = whole["last"].to_numpy().astype(np.int64)
    subject = np.full(len(whole), "lateness", dtype=object)
    columns = {name: whole[name].to_numpy().astype(np.int64) for name in names}
    owner = whole["organisation_id"].to_numpy().astype(np.int64)
    return Rows(owner, end - _YEAR + 1, end // _YEAR * _YEAR, end, subject, columns)
