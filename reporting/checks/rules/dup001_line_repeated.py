from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP001",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("The same line twice"),
    message=_("Line %(line_no)s (%(kind)s) says exactly the same as line %(twin_line_no)s."),
    explanation=_(
        "Two lines that agree in every cell are one movement entered twice, or two that nobody can "
        "tell apart."
    ),
    remedy=_("Remove one of them; if both happened, tell them apart by date, lot, invoice or a note."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind", "twin_line_no"),
    passes=[
        filing("sold A 10 invoice_no=1", "sold A 10 invoice_no=2"),
        filing("produced A 10 batch=L1", "produced A 10 batch=L2"),
    ],
    fails=[filing("sold A 10 invoice_no=1", "sold A 10 invoice_no=1")],
)
def line_repeated(lines: View) -> Broken:
    return lines.everywhere
