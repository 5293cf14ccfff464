from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD006",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Nothing delivered after a year of deliveries"),
    message=_(
        "Nothing was sold or exported in %(period)s, after deliveries in %(months_delivered)s of the "
        "twelve months before."
    ),
    explanation=_(
        "A month without deliveries happens. After a steady year it is more often a line left out."
    ),
    remedy=_("Check the lines; if they are right, say what happened."),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="filing",
    needs=("delivered_kg", "months_delivered", "past_months"),
    passes=[
        filing("sold A 10", history=("sold A 10",)),
        filing(nil=True),
    ],
    fails=[filing(nil=True, history=("sold A 10",))],
)
def sudden_silence(filings: View) -> Broken:
    return (filings.delivered_kg == 0) & (filings.months_delivered >= 11)
