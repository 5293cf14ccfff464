"""The figures of detection as data and as a page: shares with bootstrap intervals over the seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

DRAWS = 2_000
METHODS = {
    "lodestone": "this engine", "fixed_per_cent": "fixed per cent of yield", "month_mirror": "month-exact mirror",
}  # fmt: skip


def share(pairs: Sequence[tuple[int, int]]) -> dict[str, float] | None:
    """Hits of all over all, with the 5 to 95 per cent interval when seeds are drawn again; None where there is nothing."""
    hits, whole = np.array(pairs, dtype=float).reshape(-1, 2).T
    if not whole.sum():
        return None
    drawn = np.random.default_rng(1).integers(0, len(whole), (DRAWS, len(whole)))
    sums = whole[drawn].sum(axis=1)
    shares = hits[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = np.percentile(shares, [5, 95])
    return {"share": round(float(hits.sum() / whole.sum()), 3), "low": round(float(low), 3), "high": round(float(high), 3),
            "of": int(whole.sum())}  # fmt: skip


def written(
    nations: list[dict[str, Any]], size: dict[str, Any], source: Any, budgets: Sequence[int], typologies: list[str],
    twinned: list[str],
) -> tuple[dict[str, Any], str]:  # fmt: skip
    """The figures, and the page that tells them."""
    data: dict[str, Any] = {"size": size, "calibrated_on": source, "budgets": {}}
    for budget in budgets:
        table: dict[str, Any] = {}
        for method in METHODS:
            told = [nation["budgets"][budget][method] for nation in nations]
            table[method] = {
                "recall": share([_hits(one["found"], "") for one in told]),
                **{name: share([_hits(one["found"], name) for one in told]) for name in typologies},
                "precision": share([(one["right"], one["alerts"]) for one in told]),
                "twins_accused": share([_hits(one["twins"], "") for one in told]),
                "at_best": share(
                    [(min(one["allowed"], len(one["found"])), len(one["found"])) for one in told]
                ),
            }
        data["budgets"][str(budget)] = table
    data["deterministic_recall"] = share([_hits(nation["deterministic"], "") for nation in nations])
    data["deterministic_false"] = sum(nation["false_plain"] for nation in nations)
    data["precision_at_the_limit"] = share([
        (sum(nation["limit_alerts"]), len(nation["limit_alerts"])) for nation in nations
    ])  # fmt: skip
    return data, _page(data, typologies)


def _hits(found: dict[str, bool], name: str) -> tuple[int, int]:
    chosen = [hit for case, hit in found.items() if case.startswith(name)]
    return sum(chosen), len(chosen)


def _cell(figure: dict[str, float] | None) -> str:
    return "–" if figure is None else f"{figure['share']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def _page(data: dict[str, Any], typologies: list[str]) -> str:
    size, source = data["size"], data["calibrated_on"]
    lines = [
        "# Detection",
        "",
        (
            f"{len(size['seeds'])} made-up nations of {size['enterprises']} enterprises and {size['months']} months, "
            f"{size['cases_of_each']} cases of each typology (counted from 200 kg), seeds {size['seeds'][0]} to {size['seeds'][-1]}. Thresholds come from "
            f"{source['filings']} clean filings of the seeds {', '.join(str(seed) for seed in source['seeds'])}, none of them reported "
            "here. Shares with intervals of 90 per cent, seeds drawn again. Written by `make detection`."
        ),
    ]
    rows = ["recall", "at_best", *typologies, "precision", "twins_accused"]
    for budget, table in data["budgets"].items():
        lines += ["", f"## {budget} alerts in a thousand filings", "", f"| | {' | '.join(METHODS.values())} |",
                  "|---|" + "---|" * len(METHODS)]  # fmt: skip
        lines += [
            f"| {row.replace('_', ' ')} | " + " | ".join(_cell(table[one][row]) for one in METHODS) + " |"
            for row in rows
        ]
    lines += [
        "",
        "## Exact checks",
        "",
        (
            f"Recall of the deterministic cases: {_cell(data['deterministic_recall'])}; findings about enterprises that have no "
            f"part in any case: {data['deterministic_false']}. Precision of the cases at the limit in use: "
            f"{_cell(data['precision_at_the_limit'])}."
        ),
        "",
    ]
    return "\n".join(lines)
