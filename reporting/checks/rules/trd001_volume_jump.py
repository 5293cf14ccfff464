from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD001",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Far more delivered than ever in a year"),
    message=_(
        "%(delivered_kg)s kg were sold and exported in %(period)s; usual are %(usual_delivered_kg)s "
        "kg, the most in twelve months was %(most_delivered_kg)s kg."
    ),
    explanation=_(
        "More than three times your own usual month, and half as much again as the best one. Growth, "
        "a large order and a slip of units all look like this."
    ),
    remedy=_("Check the lines; if they are right, say what happened."),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="filing",
    needs=("delivered_kg", "usual_delivered_kg", "most_delivered_kg", "months_delivered"),
    passes=[filing("sold A 2500", history=("sold A 1000",))],
    fails=[filing("sold A 5000", history=("sold A 1000",))],
)
def volume_jump(filings: View) -> Broken:
    jump = (filings.delivered_kg > 3 * filings.usual_delivered_kg) & (
        filings.delivered_kg > 1.5 * filings.most_delivered_kg
    )
    return jump & (filings.delivered_kg - filings.usual_delivered_kg > 1000) & (filings.months_delivered >= 6)
