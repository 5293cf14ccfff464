from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP022",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Date outside the reporting month"),
    message=_("Line %(line_no)s: %(date)s does not lie between %(month_first_day)s and %(month_last_day)s."),
    explanation=_(
        "A filing holds one month. A movement of another month belongs in that month's filing, by an "
        "amendment if it was already submitted."
    ),
    remedy=_("Correct the date, or move the line to its own month."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("date", "month_first_day", "month_last_day"),
    passes=[
        filing("sold A 10 date=2026-05-01"),
        filing("sold A 10 date=2026-05-31"),
    ],
    fails=[
        filing("sold A 10 date=2026-04-30"),
        filing("sold A 10 date=2026-06-01"),
    ],
)
def date_outside_month(lines: View) -> Broken:
    return (lines.date < lines.month_first_day) | (lines.date > lines.month_last_day)
