"""A small nation, made once: 30 enterprises over 15 months, which cross a Spring Festival and a turn of year."""

import pandas as pd
import pytest

from portal.core.months import Month
from portal.simulation.domain.nation import simulate

SEED, ENTERPRISES, MONTHS = 7, 30, 15
START = Month.parse("2025-03")


@pytest.fixture(scope="session")
def nation() -> dict[str, pd.DataFrame]:
    return simulate(seed=SEED, enterprises=ENTERPRISES, start=START, months=MONTHS)


@pytest.fixture(scope="session")
def in_force(nation: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The lines of the versions in force, with grams as whole numbers."""
    filings = nation["filings"]
    last = filings[filings["status"] != "withdrawn"].groupby(["organisation", "period"])["version"].max()
    lines = nation["lines"].join(last.rename("last"), on=["organisation", "period"])
    lines = lines[lines["version"] == lines["last"]].drop(columns="last")
    grams = [
        int(whole) * 1000 + int((rest + "000")[:3]) for whole, _, rest in map(_parts, lines["quantity_kg"])
    ]
    return lines.assign(grams=grams)


def _parts(text: str) -> tuple[str, str, str]:
    return text.partition(".")
