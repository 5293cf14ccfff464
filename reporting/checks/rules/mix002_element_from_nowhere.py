import numpy as np

from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX002",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("An element comes out that never went in"),
    message=_(
        "Products made in the three months to %(period)s hold %(produced_quarter_kg)s kg of "
        "%(element)s; nothing that was consumed holds any."
    ),
    explanation=_("An element that is in the product was in something that went into it."),
    remedy=_("Enter the feed that brought it in, or correct the contents."),
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
            "produced B 950",
            products=("L stage=alloy family= nd_pct=30 pr_pct=", "B nd_pct=31 pr_pct="),
        ),
    ],
    fails=[
        filing(
            "consumed L 1000",
            "produced A 950",
            products=("L stage=alloy family= nd_pct=30 pr_pct=", "A nd_pct=28 pr_pct= dy_pct=3"),
        ),
    ],
)
def element_from_nowhere(elements: View) -> Broken:
    mined = np.isin(elements.main_stage, [STAGE_CODES["concentrate"], STAGE_CODES["mixed_carbonate"]])
    worked = (elements.all_consumed_quarter_kg > 0) & (elements.consumed_quarter_kg == 0) & ~mined
    material = np.maximum(2, 0.005 * elements.all_produced_quarter_kg)
    return worked & (elements.produced_kg > 0) & (elements.produced_quarter_kg > material)
