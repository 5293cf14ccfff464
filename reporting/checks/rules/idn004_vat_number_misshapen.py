from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing
from reporting.checks.countries import EUROPEAN_UNION


@check(
    code="IDN004",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("European VAT number of another form"),
    message=_("%(counterparty)s: %(id_number)s has not the form of a VAT number of the European Union."),
    explanation=_("Each member state has its own form, after two letters for the country."),
    remedy=_("Ask the client for the number as registered, with the two letters."),
    legal_basis=("EU-VAT",),
    per="counterparty",
    needs=("id_number", "country", "vat_misshapen"),
    passes=[
        filing("sold A 10", parties=("C1 country=DE id_type=VAT id_number=DE136695976",)),
        filing("sold A 10", parties=("C1 country=US id_type=VAT id_number=12-3456789",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 country=DE id_type=VAT id_number=123456788",)),
        filing("sold A 10", parties=("C1 country=FR id_type=VAT id_number=FR123",)),
    ],
)
def vat_number_misshapen(parties: View) -> Broken:
    return parties.flag("vat_misshapen") & parties.text("country").isin(EUROPEAN_UNION)
