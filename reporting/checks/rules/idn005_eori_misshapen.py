from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN005",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("EORI number of another form"),
    message=_("%(counterparty)s: %(id_number)s has not the form of an EORI number."),
    explanation=_("An EORI number is two letters for the country and up to fifteen characters."),
    remedy=_("Ask the client for the number as registered with its customs."),
    legal_basis=("EU-EORI",),
    per="counterparty",
    needs=("id_number", "eori_misshapen"),
    passes=[filing("sold A 10", parties=("C1 id_type=EORI id_number=DE1234567",))],
    fails=[filing("sold A 10", parties=("C1 id_type=EORI id_number=1234567",))],
)
def eori_misshapen(parties: View) -> Broken:
    return parties.flag("eori_misshapen")
