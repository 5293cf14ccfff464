from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP035",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Name of a client or supplier missing"),
    message=_("%(counterparty)s has no name."),
    explanation=_("The legal name on the contract is how a party is known to everybody else."),
    remedy=_("Enter the legal name in your list of clients and suppliers."),
    legal_basis=("MAGNET-2025",),
    per="counterparty",
    needs=(),
    optional_needs=("name",),
    passes=[filing("sold A 10", parties=("C1 name=Example",))],
    fails=[filing("sold A 10", parties=("C1 name=",))],
)
def party_name_missing(parties: View) -> Broken:
    return parties.text("name").missing
