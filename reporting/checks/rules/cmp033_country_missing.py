from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing
from reporting.checks.countries import COUNTRIES


@check(
    code="CMP033",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Country of a client or supplier missing"),
    message=_("%(counterparty)s has no country, or one that is no two-letter code."),
    explanation=_(
        "The country says which identity numbers a party can have, and which rules apply to trade with it."
    ),
    remedy=_("Enter the two-letter code of the country in your list of clients and suppliers."),
    legal_basis=("MAGNET-2025", "ISO3166"),
    per="counterparty",
    needs=(),
    optional_needs=("country",),
    passes=[filing("sold A 10", parties=("C1 country=CN",))],
    fails=[
        filing("sold A 10", parties=("C1 country=",)),
        filing("sold A 10", parties=("C1 country=UK",)),
    ],
)
def country_missing(parties: View) -> Broken:
    return ~parties.text("country").isin(COUNTRIES)
