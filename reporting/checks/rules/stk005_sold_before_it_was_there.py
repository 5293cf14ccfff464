from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="STK005",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("More went out than was there on the day"),
    message=_(
        "%(product)s: by the dates given, stock would have fallen to %(lowest_running_kg)s kg during "
        "the month."
    ),
    explanation=_(
        "Counted in your favour: everything without a date that came in is taken to have been there "
        "from the first day, and everything without a date that went out to have left on the last."
    ),
    remedy=_("Check the dates of arrivals and deliveries."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("lowest_running_g",),
    passes=[
        filing("purchased A 10 date=2026-05-03", "sold A 10 date=2026-05-04"),
        filing("produced A 10", "sold A 10 date=2026-05-04"),
    ],
    fails=[filing("sold A 10 date=2026-05-04", "purchased A 10 date=2026-05-20")],
)
def sold_before_it_was_there(products: View) -> Broken:
    return products.lowest_running_g < 0
