from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP011",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Value cannot be read"),
    message=_("Line %(line_no)s: the value “%(unread_value_cny)s” cannot be read as an amount in CNY."),
    explanation=_("Values are CNY written in figures, with at most two decimals."),
    remedy=_("Write the number alone, without a currency sign, for example 30000.50."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_value_cny",),
    passes=[filing("sold A 10 value=3000.50")],
    fails=[
        filing("sold A 10 unread.value_cny=3k"),
        filing("sold A 10 unread.value_cny=3.005"),
    ],
)
def value_unreadable(lines: View) -> Broken:
    return lines.text("unread_value_cny").present
