from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP012",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Value below zero"),
    message=_("Line %(line_no)s: the value is %(value_cny)s CNY; it cannot be below 0."),
    explanation=_("A negative value hides a return or a credit inside a sale. Both are lines of their own."),
    remedy=_("Enter the value of the goods; report a return as a return."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("value_fen",),
    passes=[filing("sold A 10 value=0")],
    fails=[filing("sold A 10 value=-300")],
)
def value_negative(lines: View) -> Broken:
    return lines.value_fen < 0
