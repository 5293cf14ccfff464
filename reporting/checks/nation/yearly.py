"""Years against what was granted: quotas of rare earth oxide, declared capacity, and what recounts add up to."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from reporting.checks.chemistry import METAL_FRACTIONS
from reporting.checks.columns import ELEMENTS, KIND_CODES, NA, STAGE_CODES
from reporting.checks.nation.rows import Nation, Rows, rows_of

Ints = npt.NDArray[np.int64]
QUOTA_STAGES: Final = {"concentrate": ("concentrate", "mixed_carbonate"), "oxide": ("oxide", "compound")}
_MINED: Final = tuple(STAGE_CODES[name] for name in QUOTA_STAGES["concentrate"])
_MONTHS: Final = 12
_PRODUCED, _CONSUMED = KIND_CODES["produced"], KIND_CODES["consumed"]


def _outputs(nation: Nation) -> pd.DataFrame:
    """REO made of primary feed, by enterprise, quota stage and month. What came of scrap does not count."""
    worked = nation.gathered.worked
    oxide = worked[list(ELEMENTS)].to_numpy() @ (1 / METAL_FRACTIONS)
    keys = ["organisation_id", "period"]
    base = worked[[*keys, "kind", "stage"]].assign(reo=oxide)
    used = base[base["kind"] == _CONSUMED]
    ore = used["reo"].where(used["stage"].isin(_MINED), 0.0)
    primary = used.assign(ore=ore).groupby(keys)[["ore", "reo"]].sum()
    part = (primary["ore"] / primary["reo"].where(primary["reo"] > 0)).rename("primary")
    made = base[base["kind"] == _PRODUCED].join(part, on=keys)
    parts = []
    for name, stages in QUOTA_STAGES.items():
        some = made[made["stage"].isin([STAGE_CODES[stage] for stage in stages])]
        counted = some["reo"] if name == "concentrate" else some["reo"] * some["primary"].fillna(0.0)
        parts.append(some[keys].assign(stage=STAGE_CODES[name], reo_kg=counted))
    found = pd.concat(parts, ignore_index=True)
    return found[found["reo_kg"] > 0].groupby([*keys, "stage"], as_index=False).sum()


@rows_of("quota")
def quotas(nation: Nation) -> Rows:
    """Enterprises, years and stages with output, where quotas of that year are known."""
    output, granted = nation.once(_outputs), nation.references.quotas
    output = output.assign(year=output["period"] // _MONTHS).sort_values(
        ["organisation_id", "stage", "period"]
    )
    keys = ["organisation_id", "year", "stage"]
    output["running"] = output.groupby(keys)["reo_kg"].cumsum()
    years = set(zip(granted["year"].tolist(), granted["stage"].tolist(), strict=True))
    keys_of = zip(output["year"].tolist(), output["stage"].tolist(), strict=True)
    output = output[np.array([key in years for key in keys_of], dtype=bool)]
    known = output.merge(granted, how="left", on=keys)
    known["quota_g"] = known["quantity_g"].fillna(0).astype(np.int64)
    whole = known.groupby(keys, as_index=False).agg(
        first=("period", "min"),
        last=("period", "max"),
        made_kg=("running", "max"),
        quota_g=("quota_g", "first"),
    )
    last = whole["last"].to_numpy()
    gone = last - whole["year"].to_numpy() * _MONTHS + 1
    anchor = whole["year"].to_numpy().astype(np.int64) * _MONTHS
    made, quota = whole["made_kg"].to_numpy(), whole["quota_g"].to_numpy()
    projected = made / gone * _MONTHS
    word = {STAGE_CODES[name]: name for name in QUOTA_STAGES}
    subject = np.array([f"quota:{year}:{word[stage]}" for year, stage in zip(whole["year"], whole["stage"], strict=True)],
                       dtype=object)  # fmt: skip
    columns = {
        "year": whole["year"].to_numpy().astype(np.int64), "stage": whole["stage"].to_numpy().astype(np.int64),
        "made_kg": made, "quota_g": quota, "over_kg": made - quota / 1000, "months": gone.astype(np.int64),
        "projected_kg": projected,
    }  # fmt: skip
    return Rows(
        whole["organisation_id"].to_numpy(), whole["first"].to_numpy(), anchor, last, subject, columns
    )


@rows_of("output")
def outputs(nation: Nation) -> Rows:
    """Enterprises and years: the stage of which most was made, beside the capacity declared."""
    worked = nation.gathered.worked
    made = worked[(worked["kind"] == _PRODUCED) & (worked["stage"] != STAGE_CODES["scrap"])]
    made = made.assign(year=made["period"] // _MONTHS)
    keys = ["organisation_id", "year"]
    by_stage = made.groupby([*keys, "stage"], as_index=False).agg(
        made_g=("grams", "sum"), first=("period", "min"), last=("period", "max")
    )
    largest = by_stage.sort_values([*keys, "made_g", "stage"]).groupby(keys, as_index=False).last()
    known = largest.merge(
        nation.references.organisations[["organisation_id", "capacity_g"]], on="organisation_id"
    )
    known = known[known["capacity_g"] != NA]
    year = known["year"].to_numpy().astype(np.int64)
    subject = np.array([f"capacity:{one}" for one in year.tolist()], dtype=object)
    columns = {
        "year": year, "stage": known["stage"].to_numpy().astype(np.int64), "made_g": known["made_g"].to_numpy(),
        "capacity_g": known["capacity_g"].to_numpy(),
    }  # fmt: skip
    return Rows(
        known["organisation_id"].to_numpy(), known["first"].to_numpy(), year * _MONTHS, known["last"].to_numpy(), subject,
        columns,
    )  # fmt: skip


@rows_of("recount")
def recounts(nation: Nation) -> Rows:
    """Enterprises over the last twelve months filed: what counts found and what was written off, against what was worked."""
    worked = nation.gathered.worked
    last = worked.groupby("organisation_id")["period"].max().rename("last")
    recent = worked.join(last, on="organisation_id")
    recent = recent[recent["period"] > recent["last"] - _MONTHS]
    kg = recent[list(ELEMENTS)].to_numpy().sum(axis=1)
    frame = pd.DataFrame({"organisation_id": recent["organisation_id"].to_numpy(), "last": recent["last"].to_numpy(),
                          "doubt_kg": recent["doubt_kg"].to_numpy()})  # fmt: skip
    kind = recent["kind"].to_numpy()
    for name in ("gained", "lost", "consumed", "produced"):
        frame[name] = np.where(kind == KIND_CODES[name], kg, 0.0)
    whole = frame.groupby(["organisation_id", "last"], as_index=False).sum()
    end = whole["last"].to_numpy()
    columns = {
        "gained_kg": whole["gained"].to_numpy(), "lost_kg": whole["lost"].to_numpy(),
        "worked_kg": np.maximum(whole["consumed"].to_numpy(), whole["produced"].to_numpy()),
        "net_kg": (whole["gained"] - whole["lost"]).to_numpy(),
    }  # fmt: skip
    subject = np.full(len(whole), "recounts", dtype=object)
    year = end // _MONTHS * _MONTHS
    return Rows(whole["organisation_id"].to_numpy(), end - _MONTHS + 1, year, end, subject, columns)
