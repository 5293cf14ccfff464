from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN006",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("D-U-N-S number without nine digits"),
    message=_("%(counterparty)s: %(id_number)s has not nine digits."),
    explanation=_("A D-U-N-S number has nine digits."),
    remedy=_("Ask the client for the number."),
    legal_basis=("DUNS",),
    per="counterparty",
    needs=("id_number", "duns_misshapen"),
    passes=[filing("sold A 10", parties=("C1 id_type=DUNS id_number=15-048-3782",))],
    fails=[filing("sold A 10", parties=("C1 id_type=DUNS id_number=1504837",))],
)
def duns_misshapen(parties: View) -> Broken:
    return parties.flag("duns_misshapen")
