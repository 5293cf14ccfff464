"""How well planted cases are found, beside two plain rules, on nations whose seeds set no threshold.

`make calibration` writes the thresholds from clean nations of the seeds CALIBRATED; `make detection` reports the seeds
REPORTED. An alert is one enterprise and episode of queue `case`; rules are given as many alerts.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portal.simulation.domain.nation import simulate
from portal.simulation.domain.planting import DETERMINISTIC, TWINS, TYPOLOGIES, plant
from reporting.checks.nation import balances
from reporting.checks.nation.calibration import STATISTICS, Calibration, calibration, curve
from reporting.checks.nation.gather import gather
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import run
from tests.load.detection_report import written
from tests.load.nation_frames import frames_of

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION = ROOT / "reporting/checks/nation/calibration.json"
FIGURES = ROOT / "docs/figures"
CALIBRATED, REPORTED = range(9_001, 9_005), range(101, 121)
ENTERPRISES, MONTHS, START = 300, 24, "2024-01"
BUDGETS = (1, 5, 10)
EACH = 2
MATERIAL_KG = 200
"""Goods that a case must hide to be counted: below it nobody sends an officer."""
CODES = {
    "invoice_voided": {"TAX503"}, "invoice_of_another_value": {"TAX504"}, "invoice_unknown": {"TAX501", "TAX502"},
    "over_quota": {"QTA501"},
}  # fmt: skip
WIDE = 20.0
"""Alerts in a thousand filings down to which candidates are ranked."""


def judged(tables: dict[str, pd.DataFrame], known: Calibration) -> tuple[Nation, list[dict[str, Any]]]:
    """The nation's rows and findings, with the organisations' codes in place of numbers."""
    part, references = frames_of(tables)
    nation = Nation(gather(part, references), references, known)
    codes = dict(
        zip(references.organisations["organisation_id"], references.organisations["uscc"], strict=True)
    )
    return nation, [row | {"uscc": codes[row["organisation_id"]]} for row in run(nation)]


def calibrate(seeds: Sequence[int], enterprises: int, months: int) -> dict[str, Any]:
    """The curves of the statistics over clean nations: what passes every other gate, however low the statistic."""
    found: dict[str, list[float]] = {name: [] for name in STATISTICS}
    low = Calibration(
        {"page": ((0.5, 1.0), (99.0, 98.0)), "sure": ((4.0, 8.0), (1.0, 0.01))}, {}, budget=99.0
    )
    filings = 0
    for seed in seeds:
        nation, rows = judged(plant(simulate(seed, enterprises, START, months), seed, 0), low)
        filings += len(nation.gathered.filed)
        found["page"] += _worst(rows)
        found["sure"] += [row["figures"]["sure"] for row in rows if row["code"] == "MIR501"]
    found["sure"] = found["sure"] or [4.0, 4.5]
    curves = {name: curve(values, filings) for name, values in found.items()}
    source = {"seeds": list(seeds), "enterprises": enterprises, "months": months, "filings": filings}
    return {"curves": curves, "source": source}


def _worst(rows: list[dict[str, Any]]) -> list[float]:
    """The highest balance of each case, for that is one alert."""
    heights: dict[str, float] = {}
    for row in rows:
        if row["code"].startswith("MBL"):
            heights[row["case"]] = max(heights.get(row["case"], 0.0), row["figures"]["page"])
    return list(heights.values())


def alerts_of(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One alert a case, by its best score; those of the same score by what they weigh."""
    cases: dict[str, dict[str, Any]] = {}
    for row in findings:
        if row["queue"] != "case":
            continue
        old = cases.get(
            row["case"], {"score": -1, "weight": 0.0, "first": row["first_period"], "last": row["period"]}
        )
        height = row["figures"].get("page") or row["figures"].get("sure") or 0.0
        cases[row["case"]] = {
            "uscc": row["uscc"], "score": max(old["score"], row["score"]), "weight": max(old["weight"], height),
            "first": min(old["first"], row["first_period"]), "last": max(old["last"], row["period"]),
        }  # fmt: skip
    return sorted(cases.values(), key=lambda one: (-one["score"], -one["weight"], one["uscc"]))


def fixed_rule(nation: Nation) -> list[dict[str, Any]]:
    """A fixed per cent: an enterprise's worst month of an element against its own usual yield."""
    series = nation.once(balances.panels)
    part = np.where(series.seen, series.produced / np.maximum(series.consumed, 1e-9), np.nan)
    off = np.abs(part / np.nanmedian(part, axis=1, keepdims=True) - 1)
    off = np.where(np.isfinite(off), off, 0.0)
    worst = pd.DataFrame({
        "owner": series.organisation, "off": off.max(axis=1), "month": series.months[off.argmax(axis=1)],
    })  # fmt: skip
    best = worst.sort_values(["off", "owner"], ascending=[False, True]).drop_duplicates("owner")
    return [_alert(nation, owner, month) for owner, month in zip(best["owner"], best["month"], strict=True)]


def month_mirror(nation: Nation) -> list[dict[str, Any]]:
    """A mirror that wants each month exact: pairs by their largest difference of a month, the seller accused."""
    trades = nation.gathered.trades
    seller = np.where(trades["sells"], trades["organisation_id"], trades["other_id"])
    buyer = np.where(trades["sells"], trades["other_id"], trades["organisation_id"])
    signed = np.where(trades["sells"], 1, -1) * trades["grams"]
    frame = pd.DataFrame({"owner": seller, "buyer": buyer, "month": trades["period"], "gap": signed})
    gaps = frame.groupby(["owner", "buyer", "month"], as_index=False)["gap"].sum()
    gaps = gaps.assign(off=gaps["gap"].abs()).sort_values(
        ["off", "owner", "month"], ascending=[False, True, True]
    )
    best = gaps[gaps["off"] > 0].drop_duplicates("owner")
    return [_alert(nation, owner, month) for owner, month in zip(best["owner"], best["month"], strict=True)]


def _alert(nation: Nation, owner: int, month: int) -> dict[str, Any]:
    owners = nation.references.organisations.set_index("organisation_id")["uscc"]
    return {"uscc": owners[owner], "first": month, "last": month}


def met(case: Any, alert: dict[str, Any]) -> bool:
    """Whether the alert is about the case's enterprise and months."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (case.first_period, case.last_period))
    return bool(alert["uscc"] == case.organisation and alert["first"] <= last and alert["last"] >= first)


def one_nation(seed: int, enterprises: int, months: int) -> dict[str, Any]:
    """What was found of one seed's planted cases at each budget, by method."""
    tables = plant(simulate(seed, enterprises, START, months), seed, EACH)
    wide = dataclasses.replace(calibration(), budget=WIDE)
    nation, ranked = judged(tables, wide)
    findings = judged(tables, calibration())[1]
    methods = {
        "lodestone": alerts_of(ranked),
        "fixed_per_cent": fixed_rule(nation),
        "month_mirror": month_mirror(nation),
    }
    filings = len(nation.gathered.filed)
    truth = list(tables["truth"].itertuples(index=False))
    cases = [case for case in truth if case.typology in TYPOLOGIES and float(case.kg) >= MATERIAL_KG]
    twins = [case for case in truth if case.twin_of]
    by_budget = {}
    for budget in BUDGETS:
        count = max(1, round(budget * filings / 1000))
        by_budget[budget] = {
            name: _told(alerts[:count], cases, twins, count) for name, alerts in methods.items()
        }
    plain = [case for case in truth if case.typology in DETERMINISTIC]
    return {
        "seed": seed, "filings": filings, "budgets": by_budget,
        "deterministic": {case.case: _found_plainly(case, findings) for case in plain},
        "false_plain": _false_plain(findings, truth, tables["invoices"]),
        "limit_alerts": [any(met(case, one) for case in cases) for one in alerts_of(findings)],
    }  # fmt: skip


def _told(alerts: list[dict[str, Any]], cases: list[Any], twins: list[Any], count: int) -> dict[str, Any]:
    found = {case.case: any(met(case, alert) for alert in alerts) for case in cases}
    right = [any(met(case, alert) for case in cases) for alert in alerts]
    accused = {case.case: any(met(case, alert) for alert in alerts) for case in twins}
    return {"found": found, "right": sum(right), "alerts": len(alerts), "allowed": count, "twins": accused}


def _found_plainly(case: Any, findings: list[dict[str, Any]]) -> bool:
    return any(row["uscc"] == case.organisation and row["code"] in CODES[case.typology] for row in findings)


def _false_plain(findings: list[dict[str, Any]], truth: list[Any], invoices: pd.DataFrame) -> int:
    """Exact findings about enterprises without a part in any case; who bought on a voided invoice has one."""
    explained = {case.organisation for case in truth} | set(
        invoices.loc[invoices["status"] == "voided", "buyer"]
    )
    own = [row for row in findings if row["code"] in {"TAX502", "TAX503", "QTA501", "DUP501"}]
    return sum(row["uscc"] not in explained for row in own)


def main(arguments: Sequence[str]) -> None:
    """Calibrate, or measure and write the figures; the numbers of seeds and enterprises may be given."""
    what = arguments[0]
    sizes = [int(text) for text in arguments[1:3]] or [0, 0]
    enterprises = sizes[1] or ENTERPRISES
    if what == "calibrate":
        seeds = list(CALIBRATED)[: sizes[0] or None]
        CALIBRATION.write_text(json.dumps(calibrate(seeds, enterprises, MONTHS), indent=1) + "\n", "utf-8")
        return
    seeds = list(REPORTED)[: sizes[0] or None]
    nations = [one_nation(seed, enterprises, MONTHS) for seed in seeds]
    size = {"enterprises": enterprises, "months": MONTHS, "seeds": seeds, "cases_of_each": EACH}
    data, page = written(nations, size, calibration().source, BUDGETS, [*TYPOLOGIES], [*TWINS])
    FIGURES.joinpath("detection.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    FIGURES.joinpath("detection.md").write_text(page, "utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main(sys.argv[1:])
