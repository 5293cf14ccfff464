from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing
from reporting.checks.countries import EUROPEAN_UNION


@check(
    code="IDN015",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Check digits of a European VAT number do not fit"),
    message=_(
        "%(counterparty)s: %(id_number)s has the form of a VAT number, but its digits do not agree "
        "with one another."
    ),
    explanation=_("Most member states add a check digit, so that a slip of the finger shows."),
    remedy=_("Ask the client for the number as registered, with the two letters."),
    legal_basis=("EU-VAT",),
    per="counterparty",
    needs=("id_number", "country", "vat_check_fails"),
    passes=[
        filing("sold A 10", parties=("C1 country=DE id_type=VAT id_number=DE136695976",)),
        filing("sold A 10", parties=("C1 country=US id_type=VAT id_number=12-3456789",)),
    ],
    fails=[filing("sold A 10", parties=("C1 country=DE id_type=VAT id_number=DE136695978",))],
)
def vat_check_fails(parties: View) -> Broken:
    return parties.flag("vat_check_fails") & parties.text("country").isin(EUROPEAN_UNION)
