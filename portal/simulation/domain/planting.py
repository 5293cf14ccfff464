"""Cases planted in an honest nation, each with an honest twin of the same surface, and what really happened.

Whoever cheats changes its own books so that every month still balances: nothing here is found by arithmetic of one
filing. All choices come from the seed.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.noise import ORDINARY, Noise, book_late, slip_output
from portal.simulation.domain.planted_balances import BALANCE_TWINS, BALANCES
from portal.simulation.domain.planted_contents import CONTENT_TWINS, CONTENTS
from portal.simulation.domain.planted_covers import COVER_TWINS, COVERS
from portal.simulation.domain.planted_papers import PLAIN
from portal.simulation.domain.planted_shells import SHELL_TWINS, SHELLS
from portal.simulation.domain.planted_trade import TRADE, TRADE_TWINS
from portal.simulation.domain.planter import Planter, Sow, Twin, planter_of, spots_of
from portal.simulation.domain.truth import TRUTH_COLUMNS

__all__ = ["APART", "DETERMINISTIC", "TWINS", "TYPOLOGIES", "plant"]

TYPOLOGIES: Final[dict[str, Sow]] = {**BALANCES, **CONTENTS, **TRADE, **COVERS, **SHELLS}
TWINS: Final[dict[str, Twin]] = {
    **BALANCE_TWINS,
    **CONTENT_TWINS,
    **TRADE_TWINS,
    **COVER_TWINS,
    **SHELL_TWINS,
}
DETERMINISTIC: Final = frozenset(PLAIN)
APART: Final = frozenset({"collusive_lies", "licence_reuse"})
"""Counted apart: lies that all sides tell alike leave no trace in any filing, so they are found by chance alone; what is
wrong with a licence is told by the checks of each filing."""


def plant(
    tables: dict[str, pd.DataFrame],
    seed: int,
    each: int = 1,
    noise: Noise = ORDINARY,
    kinds: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """The nation with honest noise and so many cases of each typology (of those named alone) with their twins; table
    `truth` says which.

    With none of them it is a clean nation with the same noise. The tables given stay as they are.
    """
    planter = planter_of(tables, Chance(seed, 21))
    slip_output(planter.books, Chance(seed, 22), noise)
    book_late(planter.books, Chance(seed, 23), noise)
    spots = spots_of(planter)
    for typology, sow in TYPOLOGIES.items():
        for _time in range(each if not kinds or typology in kinds else 0):
            name = sow(planter, spots, typology)
            if name and typology in TWINS:
                TWINS[typology](planter, spots, name)
    for typology, spoil in PLAIN.items():
        for _time in range(each if not kinds or typology in kinds else 0):
            spoil(planter, typology)
    return _closed(planter)


def _closed(planter: Planter) -> dict[str, pd.DataFrame]:
    """The tables with everything that was changed and added."""
    tables = planter.books.close()
    truth = pd.DataFrame(planter.truth, columns=list(TRUTH_COLUMNS), dtype=object)
    added = {"counterparties": planter.met, **planter.tables}
    for name, rows in added.items():
        if rows:
            more = pd.DataFrame(rows, columns=list(tables[name]), dtype=object).fillna("")
            tables[name] = pd.concat([tables[name], more], ignore_index=True)
    return tables | {"lots": _lots(planter, tables["lots"]), "truth": truth}


def _lots(planter: Planter, lots: pd.DataFrame) -> pd.DataFrame:
    """The assays of lots, those that were falsified in place of the true ones."""
    if not planter.lots:
        return lots
    true = [key not in planter.lots for key in zip(lots["organisation"], lots["batch"], strict=True)]
    rows = [
        {**assay, "organisation": owner, "batch": batch, "assay_no": f"FX{number:06d}", "laboratory": "本厂检测中心"}
        for number, ((owner, batch), assay) in enumerate(planter.lots.items(), 1)
    ]  # fmt: skip
    return pd.concat(
        [lots[np.array(true, dtype=bool)], pd.DataFrame(rows, columns=list(lots), dtype=object)],
        ignore_index=True,
    )
