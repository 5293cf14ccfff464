from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD002",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Produced without anything consumed"),
    message=_(
        "%(made_kg)s kg of rare earth was produced in %(period)s; nothing that holds rare earth was "
        "consumed in three months."
    ),
    explanation=_(
        "Only a mine produces without consuming. Oxide, metal, alloy and magnets are made from something."
    ),
    remedy=_("Enter what was consumed, and its contents in the catalogue."),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=("made_kg", "consumed_quarter_kg", "main_stage"),
    passes=[
        filing(
            "consumed O 1000",
            "produced M 820",
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
        filing("produced K 9000", products=("K stage=concentrate family= ce_pct=30",)),
    ],
    fails=[
        filing(
            "produced M 820",
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
)
def made_from_nothing(filings: View) -> Broken:
    return (
        (filings.made_kg > 50)
        & (filings.consumed_quarter_kg == 0)
        & (filings.main_stage != STAGE_CODES["scrap"])
    )
