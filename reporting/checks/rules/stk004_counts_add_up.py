from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="STK004",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Goods found at counts add up"),
    message=_(
        "%(product)s: counts have found %(gained_year_kg)s kg in twelve months, of "
        "%(received_year_kg)s kg that came in."
    ),
    explanation=_(
        "A count may find a little. Found month after month, it adds up to goods whose origin nobody "
        "has reported."
    ),
    remedy=_("Say what the counts found and where it had come from."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("gained_g", "gained_year_g", "received_year_g"),
    passes=[filing("gained A 2 note='count'", "produced A 1000", history=("produced A 1000",))],
    fails=[
        filing(
            "gained A 200 note='count'",
            "produced A 1000",
            history=("produced A 1000", "gained A 20 note='count'"),
        ),
    ],
)
def counts_add_up(products: View) -> Broken:
    material = products.gained_year_g > 50_000
    return (products.gained_g > 0) & material & (products.gained_year_g > 0.01 * products.received_year_g)
