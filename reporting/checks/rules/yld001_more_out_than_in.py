from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD001",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("More rare earth produced than consumed"),
    message=_(
        "In the three months to %(period)s, products made hold %(made_quarter_kg)s kg of rare earth; "
        "what was consumed held %(consumed_quarter_kg)s kg."
    ),
    explanation=_(
        "Rare earth does not grow. Contents are estimates and work runs on over the end of a month, "
        "so three months are taken together and a margin of six per cent is left."
    ),
    remedy=_(
        "Look for consumption that is missing, or for contents in the catalogue that no longer fit. "
        "Say what explains the rest."
    ),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="filing",
    needs=("made_kg", "made_quarter_kg", "consumed_quarter_kg", "past_months"),
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
            "produced M 1000",
            history=("consumed O 1000", "produced M 1000"),
            products=(
                "O stage=oxide family= nd_pct=85.7 pr_pct=",
                "M stage=metal family= nd_pct=99.5 pr_pct=",
            ),
        ),
    ],
)
def more_out_than_in(filings: View) -> Broken:
    excess = filings.made_quarter_kg - filings.consumed_quarter_kg
    possible = (filings.consumed_quarter_kg > 0) & (filings.made_kg > 0) & (filings.past_months >= 2)
    return possible & (excess > 25) & (excess > 0.06 * filings.consumed_quarter_kg)
