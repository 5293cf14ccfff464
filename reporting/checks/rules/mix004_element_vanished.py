import numpy as np

from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX004",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("An element goes in and does not come out"),
    message=_(
        "What was consumed in the three months to %(period)s held %(consumed_quarter_kg)s kg of "
        "%(element)s; products and scrap hold %(produced_quarter_kg)s kg."
    ),
    explanation=_(
        "Where alloy and magnets are made, elements stay together. One that thins out while the "
        "others do not may have left under another name."
    ),
    remedy=_("Check the contents; enter the output or scrap that holds it."),
    legal_basis=("RE-REG-14", "IUPAC"),
    per="element",
    needs=(
        "consumed_kg",
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
            "consumed L 2000",
            "produced A 1900",
            products=("L stage=alloy family= nd_pct=27 pr_pct= dy_pct=4", "A nd_pct=30 pr_pct= dy_pct=1"),
        ),
    ],
)
def element_vanished(elements: View) -> Broken:
    shaped = np.isin(
        elements.main_stage, [STAGE_CODES[stage] for stage in ("alloy", "magnet_block", "magnet")]
    )
    overall = elements.all_produced_quarter_kg / np.maximum(elements.all_consumed_quarter_kg, 1e-9)
    expected = elements.consumed_quarter_kg * overall
    material = (expected > 20) & (elements.consumed_quarter_kg > 0.01 * elements.all_consumed_quarter_kg)
    return shaped & material & (overall > 0.5) & (elements.produced_quarter_kg < 0.65 * expected)
