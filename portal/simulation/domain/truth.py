"""What really happened, for whoever measures the checks: never loaded, never seen by them."""

from typing import Final

import numpy as np
import pandas as pd

from portal.core.months import Month
from portal.simulation.domain.chance import Texts
from portal.simulation.domain.timeliness import LATE, MISSING, OPEN, STATES, Timetable
from portal.simulation.domain.workdays import instant_text

TRUTH_COLUMNS: Final = (
    "case", "typology", "organisation", "first_period", "last_period", "period", "line_no", "counterparty", "kg",
    "element", "twin_of", "others",
)  # fmt: skip
LATENESS_COLUMNS: Final = ("organisation", "period", "due", "submitted_at", "state")


def planted_cases() -> pd.DataFrame:
    """The cases planted in the nation; an honest one has none."""
    return pd.DataFrame([], columns=list(TRUTH_COLUMNS), dtype=object)


def lateness(uscc: Texts, times: Timetable, first: Month) -> pd.DataFrame:
    """Every filing that is late, missing or still open: `due` is the first instant that is too late."""
    rows = []
    troubled = np.isin(times.state, (LATE, MISSING, OPEN))
    for organisation, offset in np.argwhere(troubled).tolist():
        state = int(times.state[organisation, offset])
        withdrawn = bool(times.withdrawn[organisation, offset])
        counted = times.second if withdrawn else times.first
        submitted = instant_text(int(counted[organisation, offset])) if state == LATE else ""
        due = instant_text(int(times.due[organisation, offset]))
        rows.append((str(uscc[organisation]), str(first + offset), due, submitted, STATES[state]))
    return pd.DataFrame(rows, columns=list(LATENESS_COLUMNS), dtype=object)
