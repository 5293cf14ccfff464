from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 4
LEAST_KG = 100
LEAST_SHARE = 0.02
OTHERS = tuple(
    f"{letter} 1-24 {work}" for letter in "BCDEF" for work in ("consumed L 10000", "produced M 24250")
)


@check(
    code="YLD501",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Work gives less than it used to"),
    message=_(
        "In half a year up to %(period)s work gave %(yield_pct)s per cent of %(consumed_kg)s kg of rare earth, before it was "
        "%(own_yield_pct)s per cent. %(lost_kg)s kg were written off, %(recycled_kg)s kg of scrap were worked."
    ),
    explanation=_(
        "A yield changes with the feed, the product or the machines, and somebody knows why. Where losses grow without "
        "a reason, goods may have left without a report; where scrap is worked, they may have come back as recycled."
    ),
    remedy=_("Say what changed in the work, or amend what was produced, lost or sold."),
    method=_(
        "Rare earth produced over rare earth consumed, over half years, against the median of those that ended before, less "
        "the change that the sector shares. Told beyond four spreads of such changes, two per cent and 100 kg."
    ),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="yield",
    needs=(
        "stage",
        "yield_pct",
        "own_yield_pct",
        "yield_spread_pct",
        "yield_sure",
        "missing_kg",
        "consumed_kg",
        "lost_kg",
        "more_lost_kg",
        "recycled_kg",
    ),
    grows="missing_kg",
    passes=[
        nation("A 1-24 consumed L 10000", "A 1-24 produced M 24250"),
        nation(
            *OTHERS,
            "A 1-24 consumed L 10000",
            "A 1-20 produced M 24250",
            "A 21 produced M 23000",
            "A 22-24 produced M 24250",
        ),
        nation(
            *(f"{letter} 1-24 consumed L 10000" for letter in "ABCDEF"),
            *(f"{letter} 1-18 produced M 24250" for letter in "ABCDEF"),
            *(f"{letter} 19-24 produced M 22500" for letter in "ABCDEF"),
        ),
    ],
    fails=[
        nation(*OTHERS, "A 1-24 consumed L 10000", "A 1-18 produced M 24250", "A 19-24 produced M 22500"),
        nation(
            *OTHERS,
            "A 1-24 consumed L 10000",
            "A 1-18 produced M 24250",
            "A 19-24 produced M 23000",
            "A 19-24 lost M 1250",
            "A 19-24 consumed R 500",
            products=("L stage=metal nd_pct=75", "M stage=alloy nd_pct=30", "R stage=scrap nd_pct=30"),
        ),
    ],
)
def yield_has_fallen(yields: View) -> Broken:
    return (
        (yields.yield_sure > SURE)
        & (yields.missing_kg > LEAST_KG)
        & (yields.missing_kg > LEAST_SHARE * yields.consumed_kg)
    )
