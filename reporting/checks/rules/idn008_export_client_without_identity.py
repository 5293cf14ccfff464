from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN008",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Export client without an identity number"),
    message=_("Export client %(counterparty)s has no identity number."),
    explanation=_(
        "A name can be written in many ways, a registered number in one. Without it nobody can say "
        "who received the goods."
    ),
    remedy=_("Ask the client for its LEI, VAT, EORI or national registration number."),
    legal_basis=("MAGNET-2025", "DUAL-USE"),
    per="counterparty",
    needs=("exports",),
    optional_needs=("id_type", "id_number"),
    passes=[
        filing("exported A 10"),
        filing("sold A 10", parties=("C1 id_type= id_number=",)),
    ],
    fails=[filing("exported A 10", parties=("C1 id_type= id_number=",))],
)
def export_client_without_identity(parties: View) -> Broken:
    return parties.flag("exports") & (parties.text("id_number").missing | parties.text("id_type").missing)
