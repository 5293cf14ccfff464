from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP025",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Nil return with lines"),
    message=_("The filing says that nothing moved, and holds %(lines)s lines."),
    explanation=_(
        "A nil return says that nothing came in, nothing went out and nothing was worked: stock "
        "carries over by itself."
    ),
    remedy=_("Take the nil mark away, or remove the lines."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="filing",
    needs=("nil", "lines"),
    passes=[
        filing(nil=True),
        filing("opening A 1", "closing A 1"),
    ],
    fails=[filing("opening A 1", "closing A 1", nil=True)],
)
def nil_with_lines(filings: View) -> Broken:
    return filings.flag("nil") & (filings.lines > 0)
