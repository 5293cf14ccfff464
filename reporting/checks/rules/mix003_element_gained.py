import numpy as np

from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX003",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("More of an element comes out than went in"),
    message=_(
        "Products made in the three months to %(period)s hold %(produced_quarter_kg)s kg of "
        "%(element)s; what was consumed held %(consumed_quarter_kg)s kg."
    ),
    explanation=_(
        "The total of rare earth fits, one element does not: a dearer element may have come in as a "
        "cheaper one."
    ),
    remedy=_("Check the contents of feed and product; enter the feed that is missing."),
    legal_basis=("RE-REG-14", "IUPAC"),
    per="element",
    needs=(
        "produced_kg",
        "produced_quarter_kg",
        "consumed_quarter_kg",
        "all_produced_quarter_kg",
        "all_consumed_quarter_kg",
        "main_stage",
    ),
    passes=[
        filing(
            "consumed L 1000",
            "produced A 960",
            history=("consumed L 1000", "produced A 960"),
            products=(
                "L stage=alloy family= nd_pct=28 pr_pct= dy_pct=2",
                "A nd_pct=27 pr_pct= dy_pct=2",
                "B nd_pct=25 pr_pct= dy_pct=4",
            ),
        ),
    ],
    fails=[
        filing(
            "consumed L 1000",
            "produced B 960",
            history=("consumed L 1000", "produced B 960"),
            products=(
                "L stage=alloy family= nd_pct=28 pr_pct= dy_pct=2",
                "A nd_pct=27 pr_pct= dy_pct=2",
                "B nd_pct=25 pr_pct= dy_pct=4",
            ),
        ),
    ],
)
def element_gained(elements: View) -> Broken:
    mined = np.isin(elements.main_stage, [STAGE_CODES["concentrate"], STAGE_CODES["mixed_carbonate"]])
    total_fits = elements.all_produced_quarter_kg <= 1.06 * elements.all_consumed_quarter_kg
    excess = elements.produced_quarter_kg - elements.consumed_quarter_kg
    gained = (
        (excess > 0.15 * elements.consumed_quarter_kg) & (excess > 5) & (elements.consumed_quarter_kg > 0)
    )
    return gained & total_fits & ~mined & (elements.produced_kg > 0)
