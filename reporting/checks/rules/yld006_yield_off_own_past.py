import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD006",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Yield far from your own usual"),
    message=_(
        "In the three months to %(period)s the yield was %(yield_pct)s per cent; your own usual is "
        "%(own_yield_pct)s per cent."
    ),
    explanation=_(
        "Yields move slowly. A step of more than twelve points has a reason: another feed, a new "
        "line, scrap not counted."
    ),
    remedy=_("Say what changed."),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=("yield_pct", "own_yield_pct", "consumed_quarter_kg", "produced_kg"),
    passes=[
        filing(
            "consumed O 1000",
            "produced M 820",
            history=("consumed O 1000", "produced M 800"),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
    fails=[
        filing(
            "consumed O 1000",
            "produced M 250",
            history=("consumed O 1000", "produced M 820"),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
)
def yield_off_own_past(filings: View) -> Broken:
    material = (filings.consumed_quarter_kg > 500) & (filings.produced_kg > 0)
    return material & (np.abs(filings.yield_pct - filings.own_yield_pct) > 12)
