from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP023",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Line number given twice"),
    message=_("Line number %(line_no)s stands more than once in the filing."),
    explanation=_(
        "Questions, explanations and amendments point to a line by its number, so that a number "
        "stands for one line."
    ),
    remedy=_("Give each line a number of its own."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=("line_no", "same_number_line_no"),
    passes=[filing("sold A 10", "sold A 11")],
    fails=[filing("sold A 10 line_no=1", "sold A 11 line_no=1")],
)
def line_number_repeated(lines: View) -> Broken:
    return lines.line_no == lines.same_number_line_no
