from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN001",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Check character of a social credit code does not fit"),
    message=_("%(counterparty)s: the last character of %(id_number)s does not follow from the others."),
    explanation=_(
        "The last character of a unified social credit code is worked out from the seventeen before "
        "it, so that slips show. A few genuine codes do not follow the rule."
    ),
    remedy=_("Compare the number with the certificate; if it is right all the same, say so."),
    legal_basis=("GB32100",),
    per="counterparty",
    needs=("id_number", "uscc_fails"),
    passes=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E01",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E02",)),
    ],
)
def uscc_check_fails(parties: View) -> Broken:
    return parties.flag("uscc_fails")
