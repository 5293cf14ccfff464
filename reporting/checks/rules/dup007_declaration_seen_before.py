from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP007",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("A declaration of an earlier month again"),
    message=_(
        "Line %(line_no)s (%(kind)s): declaration %(declaration_no)s already stands in the filing for"
        " %(declaration_before_period)s, line %(declaration_before_line_no)s."
    ),
    explanation=_("A declaration is cleared once, in one month."),
    remedy=_("Correct the number, or amend the month in which it does not belong."),
    legal_basis=("CUSTOMS",),
    per="line",
    needs=("kind", "declaration_no", "declaration_before_period", "declaration_before_line_no"),
    passes=[filing("exported A 10 declaration_no=32", before=("exported A 10 declaration_no=31",))],
    fails=[filing("exported A 10 declaration_no=31", before=("exported A 10 declaration_no=31",))],
)
def declaration_seen_before(lines: View) -> Broken:
    return lines.everywhere
