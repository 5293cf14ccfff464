from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD002",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Far less delivered than ever in a year"),
    message=_(
        "%(delivered_kg)s kg were sold and exported in %(period)s; usual are %(usual_delivered_kg)s "
        "kg, the least in twelve months was %(least_delivered_kg)s kg."
    ),
    explanation=_(
        "Less than a quarter of your own usual month and half of the poorest one. Holidays and "
        "repairs look like this, and so do deliveries left out."
    ),
    remedy=_("Check the lines; if they are right, say what happened."),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="filing",
    needs=("delivered_kg", "usual_delivered_kg", "least_delivered_kg"),
    passes=[filing("sold A 5000", history=("sold A 9000",))],
    fails=[filing("sold A 500", history=("sold A 9000",))],
)
def volume_drop(filings: View) -> Broken:
    drop = (filings.delivered_kg < filings.usual_delivered_kg / 4) & (
        filings.delivered_kg < filings.least_delivered_kg / 2
    )
    return drop & (filings.delivered_kg > 0) & (filings.usual_delivered_kg > 1000)
