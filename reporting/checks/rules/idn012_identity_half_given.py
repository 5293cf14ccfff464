from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN012",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Identity number without its type, or the other way round"),
    message=_("%(counterparty)s has a type of identity number or a number, not both."),
    explanation=_("A number can be verified only if it is known what kind of number it is."),
    remedy=_("Choose the type and enter the number."),
    legal_basis=("MAGNET-2025",),
    per="counterparty",
    needs=(),
    optional_needs=("id_type", "id_number"),
    passes=[
        filing("sold A 10", parties=("C1 id_type=LEI id_number=5493000IBP32UQZ0KL24",)),
        filing("sold A 10", parties=("C1 id_type= id_number=",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 id_type= id_number=HRB12345",)),
        filing("sold A 10", parties=("C1 id_type=LEI id_number=",)),
    ],
)
def identity_half_given(parties: View) -> Broken:
    return parties.text("id_type").missing != parties.text("id_number").missing
