from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD003",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Consumed without anything produced"),
    message=_(
        "%(consumed_quarter_kg)s kg of rare earth was consumed in the three months to %(period)s, and"
        " nothing was produced."
    ),
    explanation=_("What is consumed comes out as a product, as scrap or as a loss."),
    remedy=_("Enter what was produced from it, scrap included; or report the loss."),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=("consumed_kg", "consumed_quarter_kg", "produced_quarter_kg", "past_months"),
    passes=[
        filing(
            "consumed O 1000",
            "produced M 820",
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
    fails=[
        filing(
            "consumed O 1000",
            history=("consumed O 1000",),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
)
def consumed_without_output(filings: View) -> Broken:
    nothing = (filings.produced_quarter_kg == 0) & (filings.past_months >= 2)
    return nothing & (filings.consumed_kg > 0) & (filings.consumed_quarter_kg > 100)
