from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP024",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Line number missing"),
    message=_("A line has no line number above 0."),
    explanation=_("Questions, explanations and amendments point to a line by its number."),
    remedy=_("Give the line a whole number above 0 that no other line has."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=(),
    optional_needs=("line_no",),
    passes=[filing("sold A 10 line_no=7")],
    fails=[
        filing("sold A 10 line_no="),
        filing("sold A 10 line_no=0"),
    ],
)
def line_number_missing(lines: View) -> Broken:
    return lines.line_no <= 0
