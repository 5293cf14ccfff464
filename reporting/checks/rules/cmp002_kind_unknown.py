from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP002",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Kind of movement not known"),
    message=_("Line %(line_no)s: “%(unread_kind)s” is none of the kinds of movement."),
    explanation=_(
        "Movements are of fourteen kinds, from opening to closing stock. Another word cannot be "
        "counted in or out."
    ),
    remedy=_("Choose the kind of movement from the list."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_kind",),
    passes=[filing("sold A 10")],
    fails=[filing("product=A quantity=10 unread.kind=bought")],
)
def kind_unknown(lines: View) -> Broken:
    return lines.text("unread_kind").present
