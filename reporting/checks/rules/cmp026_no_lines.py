from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP026",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("No lines"),
    message=_("The filing for %(period)s holds no lines and is not a nil return."),
    explanation=_(
        "A month without any movement is reported as a nil return, so that an empty filing is never "
        "taken for one by mistake."
    ),
    remedy=_("Enter the lines, or file a nil return."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="filing",
    needs=("nil", "lines"),
    passes=[
        filing("opening A 1", "closing A 1"),
        filing(nil=True),
    ],
    fails=[filing()],
)
def no_lines(filings: View) -> Broken:
    return ~filings.flag("nil") & (filings.lines == 0)
