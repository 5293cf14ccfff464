from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD004",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Most goods went to clients that are new"),
    message=_(
        "%(new_client_pct)s per cent of the %(delivered_kg)s kg delivered in %(period)s went to "
        "clients without a delivery in twelve months."
    ),
    explanation=_(
        "Clients change one by one. When most of a month's goods go to strangers, the question is "
        "what became of the old ones."
    ),
    remedy=_("Check the lines; if they are right, say what happened."),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="filing",
    needs=("delivered_kg", "new_client_pct", "months_delivered"),
    passes=[filing("sold A 5000", history=("sold A 5000",))],
    fails=[
        filing(
            "sold A 5000 counterparty=C2",
            history=("sold A 5000",),
            parties=("C1", "C2 name=Other id_number=DE811569869"),
        ),
    ],
)
def clients_new(filings: View) -> Broken:
    return (filings.new_client_pct > 60) & (filings.delivered_kg > 1000) & (filings.months_delivered >= 6)
