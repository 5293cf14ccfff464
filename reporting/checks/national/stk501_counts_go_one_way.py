from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

LEAST_KG = 100
LEAST_SHARE = 0.01


@check(
    code="STK501",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Counts and losses of a year go one way"),
    message=_(
        "In the twelve months to %(period)s counts found %(gained_kg)s kg of rare earth and %(lost_kg)s kg were written "
        "off, of %(worked_kg)s kg worked."
    ),
    explanation=_(
        "Counts are as often a little over as a little under. A year that only finds goods has feed without a report; one "
        "that only loses them has sales without one."
    ),
    remedy=_("Say what was found or lost, and where it had come from or gone to."),
    method=_(
        "Rare earth contained in what was gained and lost over the last twelve months, all products together; told above "
        "100 kg and one per cent of what was worked."
    ),
    legal_basis=("RE-REG-14", "DICTIONARY"),
    per="recount",
    needs=("gained_kg", "lost_kg", "worked_kg", "net_kg"),
    grows="net_kg",
    passes=[
        nation("A 1-12 consumed L 10000", "A 1-12 produced M 24250", "A 3 gained L 500", "A 9 lost L 400"),
    ],
    fails=[nation("A 1-12 consumed L 10000", "A 1-12 produced M 24250", "A 1-12 lost M 500")],
)
def counts_go_one_way(recounts: View) -> Broken:
    return (abs(recounts.net_kg) > LEAST_KG) & (abs(recounts.net_kg) > LEAST_SHARE * recounts.worked_kg)
