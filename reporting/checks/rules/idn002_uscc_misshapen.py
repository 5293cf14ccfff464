from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN002",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Social credit code of another length or with other letters"),
    message=_("%(counterparty)s: %(id_number)s is no unified social credit code."),
    explanation=_("The code has eighteen characters, digits and capital letters without I, O, S, V and Z."),
    remedy=_("Enter the code as on the business licence."),
    legal_basis=("GB32100",),
    per="counterparty",
    needs=("id_number", "uscc_misshapen"),
    passes=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E01",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E0",)),
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=9133020IMADFQE5E01",)),
    ],
)
def uscc_misshapen(parties: View) -> Broken:
    return parties.flag("uscc_misshapen")
