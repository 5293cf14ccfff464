from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN011",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("A new party with the name of an old one"),
    message=_("%(counterparty)s is new and has nearly the name of %(resembles)s."),
    explanation=_(
        "The same party under a second code hides how much it takes. Two parties with different "
        "registered numbers are never taken for one."
    ),
    remedy=_("Use the old code if it is the same party; else enter both identity numbers."),
    legal_basis=("MAGNET-2025",),
    per="counterparty",
    needs=("resembles",),
    passes=[
        filing(
            "sold A 10 counterparty=C2",
            before=("sold A 10 counterparty=C1",),
            parties=("C1", "C2 name=Other id_number=DE811569869"),
        ),
    ],
    fails=[
        filing(
            "sold A 10 counterparty=C2",
            before=("sold A 10 counterparty=C1",),
            parties=("C1", "C2 name='EXAMPLE MOTORS' id_type= id_number="),
        ),
    ],
)
def new_party_resembles_old(parties: View) -> Broken:
    return parties.text("resembles").present
