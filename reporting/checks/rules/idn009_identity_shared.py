from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN009",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("One identity under two codes"),
    message=_("%(counterparty)s and %(shares_number_with)s have the same identity number."),
    explanation=_("The same number is the same party. Under two codes its trade looks like that of two."),
    remedy=_("Keep one code and use it from now on; or correct the number."),
    legal_basis=("MAGNET-2025",),
    per="counterparty",
    needs=("shares_number_with",),
    passes=[filing("sold A 10", parties=("C1", "C2 id_number=DE811569869"))],
    fails=[filing("sold A 10", parties=("C1", "C2 id_number=DE-136695976"))],
)
def identity_shared(parties: View) -> Broken:
    return parties.text("shares_number_with").present
