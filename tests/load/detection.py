"""How well planted cases are found, beside three plain methods, on nations whose seeds set no threshold.

`make calibration` writes the thresholds from clean nations of the seeds CALIBRATED; `make detection` reports the seeds
REPORTED, and apart from them nations of sloppier books (SLOPPY), which nothing was tuned on. An alert is one enterprise
and episode of queue `case`; plain methods are given as many alerts.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portal.simulation.domain.nation import simulate
from portal.simulation.domain.noise import ORDINARY, ROUGH, Noise
from portal.simulation.domain.planting import APART, DETERMINISTIC, TYPOLOGIES, plant
from reporting.checks.nation.calibration import Calibration, calibration
from reporting.checks.nation.cases import evidence
from reporting.checks.nation.gather import gather
from reporting.checks.nation.rows import Nation
from reporting.checks.nation.run import run
from tests.load.baselines import fixed_rule, isolation_forest, month_mirror
from tests.load.calibrating import WIDE, calibrated, gathered
from tests.load.detection_report import page_of, written
from tests.load.nation_frames import frames_of
from tests.load.quoted import quote

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION = ROOT / "reporting/checks/nation/calibration.json"
FIGURES = ROOT / "docs/figures"
CALIBRATED, REPORTED, SLOPPY = range(9_001, 9_013), range(101, 141), range(301, 341)
ENTERPRISES, MONTHS, START = 300, 24, "2024-01"
LARGE, LARGE_SEED = 3_000, 901
BUDGETS = (1, 5, 10)
EACH = 2
WORKERS = 4
"""Processes, each in a session of its own: where several people measure, the system shares a machine out by sessions."""
HELD_OUT = ("shell_chain",)
"""Typologies that no statistic, weight or threshold was tried on."""
MATERIAL_KG = dict.fromkeys(TYPOLOGIES, 200.0) | dict.fromkeys(
    ("assay_shaving", "element_substitution"), 15.0
)
"""What a case must hide to be counted, below it nobody sends an officer: goods, or dysprosium and terbium in them."""
CODES = {
    "invoice_voided": {"TAX503"}, "invoice_of_another_value": {"TAX504"}, "invoice_unknown": {"TAX501", "TAX502"},
    "over_quota": {"QTA501"},
}  # fmt: skip


def _told_of(nation: Nation) -> list[dict[str, Any]]:
    owners = nation.references.organisations
    codes = dict(zip(owners["organisation_id"], owners["uscc"], strict=True))
    return [row | {"uscc": codes[row["organisation_id"]]} for row in run(nation)]


def judged(tables: dict[str, pd.DataFrame], known: Calibration) -> tuple[Nation, list[dict[str, Any]]]:
    """The nation's rows and findings, with the organisations' codes in place of numbers."""
    part, references = frames_of(tables)
    nation = Nation(gather(part, references), references, known)
    return nation, _told_of(nation)


def alerts_of(findings: Iterable[dict[str, Any]], known: Calibration) -> list[dict[str, Any]]:
    """One alert a case, by all its evidence."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for row in findings:
        if row["case"]:
            cases.setdefault(row["case"], []).append(row)
    alerts = [
        {"uscc": rows[0]["uscc"], "weight": evidence(rows, known), "codes": sorted({row["code"] for row in rows}),
         "first": min(row["first_period"] for row in rows), "last": max(row["period"] for row in rows),
         "alarm": min(row["anchor"] for row in rows)}
        for rows in cases.values()
    ]  # fmt: skip
    return sorted(alerts, key=lambda one: (-one["weight"], one["uscc"], one["first"]))


def parties(case: Any) -> set[str]:
    """Everybody who has a part in a case."""
    return {case.organisation, *case.others.split(";")} - {""}


def met(case: Any, alert: dict[str, Any]) -> bool:
    """Whether the alert is about one of the case's enterprises and its months."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (case.first_period, case.last_period))
    return bool(alert["uscc"] in parties(case) and alert["first"] <= last and alert["last"] >= first)


def one_nation(
    seed: int, enterprises: int, months: int, noise: Noise = ORDINARY, each: int = EACH
) -> dict[str, Any]:
    """What was found of one seed's planted cases at each budget, by method."""
    tables = plant(simulate(seed, enterprises, START, months), seed, each, noise)
    known = calibration()
    nation, findings = judged(tables, dataclasses.replace(known, budget=WIDE))
    methods = {
        "lodestone": alerts_of(findings, known), "fixed_per_cent": fixed_rule(nation),
        "month_mirror": month_mirror(nation), "isolation_forest": isolation_forest(nation),
    }  # fmt: skip
    filings = len(nation.gathered.filed)
    truth = list(tables["truth"].itertuples(index=False))
    material = [case for case in truth if float(case.kg) >= MATERIAL_KG.get(case.typology, np.inf)]
    cases = [case for case in material if case.typology not in APART]
    twins = [case for case in truth if case.twin_of]
    by_budget = {}
    for budget in BUDGETS:
        count = max(1, round(budget * filings / 1000))
        by_budget[budget] = {
            name: _told(alerts[:count], material, twins, count) for name, alerts in methods.items()
        }
    plain = [case for case in truth if case.typology in DETERMINISTIC]
    in_use = alerts_of(_told_of(Nation(nation.gathered, nation.references, known)), known)
    return {
        "seed": seed, "filings": filings, "budgets": by_budget,
        "deterministic": {case.case: _found_plainly(case, findings) for case in plain},
        "false_plain": _false_plain(findings, truth, tables["invoices"]),
        "in_use": _told(in_use, material, twins, len(in_use)),
        "false_in_use": sum(not any(alert["uscc"] in parties(case) for case in [*truth]) for alert in in_use),
        "missed": [
            {"case": case.case, "kg": float(case.kg), "rank": next((at for at, one in enumerate(methods["lodestone"]) if met(case, one)), None)}
            for case in cases
        ],
    }  # fmt: skip


def _told(alerts: list[dict[str, Any]], cases: list[Any], twins: list[Any], count: int) -> dict[str, Any]:
    """What so many alerts find: by case whether, with how many kilograms, and months after it began."""
    counted = [case for case in cases if case.typology not in APART]
    found = {case.case: any(met(case, alert) for alert in alerts) for case in cases}
    delays = {
        case.case: max(
            0, min(alert["alarm"] for alert in alerts if met(case, alert)) - _month(case.first_period)
        )
        for case in counted
        if found[case.case]
    }
    return {
        "found": found, "kg": {case.case: float(case.kg) for case in cases}, "delays": delays,
        "right": sum(any(met(case, alert) for case in cases) for alert in alerts), "alerts": len(alerts),
        "allowed": count, "twins": {f"{case.twin_of}": any(met(case, alert) for alert in alerts) for case in twins},
    }  # fmt: skip


def _month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:]) - 1


def _found_plainly(case: Any, findings: list[dict[str, Any]]) -> bool:
    return any(row["uscc"] == case.organisation and row["code"] in CODES[case.typology] for row in findings)


def _false_plain(findings: list[dict[str, Any]], truth: list[Any], invoices: pd.DataFrame) -> int:
    """Exact findings about enterprises without a part in any case; who bought on a voided invoice has one."""
    explained = set().union(*(parties(case) for case in truth)) if truth else set()
    explained |= set(invoices.loc[invoices["status"] == "voided", "buyer"])
    own = [row for row in findings if row["code"] in {"TAX502", "TAX503", "QTA501"}]
    return sum(row["uscc"] not in explained for row in own)


def main(arguments: Sequence[str]) -> None:
    """Calibrate, or measure and write the figures, or write their page anew.

    The number of seeds, of their enterprises and of those of the one large nation (0: none) may be given.
    """
    what = arguments[0]
    if what == "page":
        data = json.loads(FIGURES.joinpath("detection.json").read_text("utf-8"))
        FIGURES.joinpath("detection.md").write_text(page_of(data), "utf-8")
        return
    sizes = [int(text) for text in arguments[1:4]]
    enterprises = sizes[1] if len(sizes) > 1 else ENTERPRISES
    with ProcessPoolExecutor(WORKERS, initializer=os.setsid) as pool:
        if what == "calibrate":
            seeds = list(CALIBRATED)[: sizes[0] if sizes else 4]
            nations = list(
                pool.map(partial(gathered, enterprises=enterprises, start=START, months=MONTHS), seeds)
            )
            source = {"seeds": seeds, "enterprises": enterprises, "months": MONTHS}
            CALIBRATION.write_text(json.dumps(calibrated(nations, source), indent=1) + "\n", "utf-8")
            return
        seeds, sloppy = (list(some)[: sizes[0] if sizes else None] for some in (REPORTED, SLOPPY))
        sloppy = sloppy[: (len(seeds) + 3) // 4]
        measured = partial(one_nation, enterprises=enterprises, months=MONTHS)
        begun = pool.map(measured, seeds), pool.map(partial(measured, noise=ROUGH), sloppy)
        nations, rough = (list(some) for some in begun)
        large = sizes[2] if len(sizes) > 2 else (0 if sizes else LARGE)
        each = EACH * large // ENTERPRISES
        alone = pool.submit(one_nation, LARGE_SEED, large, MONTHS, each=each).result() if large else None
    size = {
        "enterprises": enterprises,
        "months": MONTHS,
        "seeds": seeds,
        "sloppy_seeds": sloppy,
        "cases_of_each": EACH,
        "large": {"enterprises": large, "seed": LARGE_SEED, "cases_of_each": each},
    }
    data, page = written(nations, rough, size, calibration().source, HELD_OUT, alone)
    FIGURES.joinpath("detection.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    FIGURES.joinpath("detection.md").write_text(page, "utf-8")
    quote()
    sys.stdout.write(page)


if __name__ == "__main__":
    main(sys.argv[1:])
