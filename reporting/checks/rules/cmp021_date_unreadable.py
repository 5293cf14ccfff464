from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP021",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Date cannot be read"),
    message=_("Line %(line_no)s: “%(unread_date)s” cannot be read as a date."),
    explanation=_("Dates are written year-month-day. Another order would be guesswork."),
    remedy=_("Write the date as 2026-05-31."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_date",),
    passes=[filing("sold A 10 date=2026-05-31")],
    fails=[filing("sold A 10 unread.date=31/5")],
)
def date_unreadable(lines: View) -> Broken:
    return lines.text("unread_date").present
