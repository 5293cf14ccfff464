from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD004",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Yield below what the stage allows"),
    message=_(
        "In the three months to %(period)s, %(yield_pct)s per cent of the rare earth consumed came "
        "out as products; at this stage at least %(yield_floor_pct)s per cent is usual."
    ),
    explanation=_(
        "The floor lies well below published yields of the stage and counts scrap as output. Below "
        "it, goods were lost, not reported, or their contents are wrong."
    ),
    remedy=_("Look for output or scrap that is missing; report losses as lost; check the contents."),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=(
        "yield_pct",
        "yield_floor_pct",
        "consumed_quarter_kg",
        "produced_kg",
        "past_months",
        "main_stage",
    ),
    passes=[
        filing(
            "consumed O 1000",
            "produced M 820",
            history=("consumed O 1000", "produced M 820"),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
    fails=[
        filing(
            "consumed O 1000",
            "produced M 500",
            history=("consumed O 1000", "produced M 500"),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
)
def yield_below_floor(filings: View) -> Broken:
    material = (filings.consumed_quarter_kg > 100) & (filings.produced_kg > 0) & (filings.past_months >= 2)
    return material & (filings.yield_pct < filings.yield_floor_pct)
