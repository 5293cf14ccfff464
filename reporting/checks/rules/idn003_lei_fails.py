from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN003",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Check digits of an LEI do not fit"),
    message=_("%(counterparty)s: %(id_number)s is no legal entity identifier."),
    explanation=_("An LEI has twenty characters; the last two are worked out from the others."),
    remedy=_("Look the number up at the GLEIF by the party's name."),
    legal_basis=("ISO17442",),
    per="counterparty",
    needs=("id_number", "lei_fails"),
    passes=[filing("sold A 10", parties=("C1 id_type=LEI id_number=5493000IBP32UQZ0KL24",))],
    fails=[
        filing("sold A 10", parties=("C1 id_type=LEI id_number=5493000IBP32UQZ0KL42",)),
        filing("sold A 10", parties=("C1 id_type=LEI id_number=5493000IBP32",)),
    ],
)
def lei_fails(parties: View) -> Broken:
    return parties.flag("lei_fails")
