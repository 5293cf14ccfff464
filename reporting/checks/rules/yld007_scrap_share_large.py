from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD007",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Much scrap for little product"),
    message=_(
        "In the three months to %(period)s, %(scrap_share_pct)s per cent of the rare earth that came "
        "out of production was scrap."
    ),
    explanation=_(
        "Slicing and grinding leave a quarter to a third as swarf. More than half asks what became of"
        " the magnets."
    ),
    remedy=_("Check the quantities and contents of scrap and product; say what happened."),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=("scrap_share_pct", "main_stage", "produced_quarter_kg", "consumed_quarter_kg"),
    passes=[
        filing(
            "consumed L 1000",
            "produced A 700",
            "produced S 280",
            products=(
                "L stage=alloy family= nd_pct=30 pr_pct=",
                "A",
                "S stage=scrap family= nd_pct=30 pr_pct=",
            ),
        ),
    ],
    fails=[
        filing(
            "consumed L 9000",
            "produced A 3000",
            "produced S 5500",
            products=(
                "L stage=alloy family= nd_pct=30 pr_pct=",
                "A",
                "S stage=scrap family= nd_pct=30 pr_pct=",
            ),
        ),
    ],
)
def scrap_share_large(filings: View) -> Broken:
    worked = filings.consumed_quarter_kg > 0
    return worked & (filings.scrap_share_pct > 55) & (filings.produced_quarter_kg > 500)
