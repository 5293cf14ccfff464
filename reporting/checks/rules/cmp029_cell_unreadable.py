from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP029",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("A cell cannot be read"),
    message=_("Line %(line_no)s: “%(unread_other)s” cannot be read."),
    explanation=_(
        "The cell holds something that does not fit its column: a word where a number belongs, or too"
        " long a text."
    ),
    remedy=_("Correct the cell; what you typed has been kept."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=("unread_other",),
    passes=[filing("exported A 10 licence_line_no=2")],
    fails=[filing("exported A 10 unread.licence_line_no=two")],
)
def cell_unreadable(lines: View) -> Broken:
    return lines.text("unread_other").present
