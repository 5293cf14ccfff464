from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP006",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("A declaration twice for the same product"),
    message=_(
        "Line %(line_no)s (%(kind)s): declaration %(declaration_no)s already stands at line "
        "%(declaration_again_line_no)s for the same product."
    ),
    explanation=_(
        "Each line of goods in a declaration is reported once. The number on two lines for one "
        "product counts the goods twice."
    ),
    remedy=_("Correct the number of one line, or put the two lines together."),
    legal_basis=("CUSTOMS",),
    per="line",
    needs=("kind", "declaration_no", "declaration_again_line_no"),
    passes=[
        filing("exported A 10 declaration_no=31", "exported B 5 declaration_no=31", products=("A", "B")),
    ],
    fails=[filing("exported A 10 declaration_no=31", "exported A 5 declaration_no=31")],
)
def declaration_repeated(lines: View) -> Broken:
    return lines.everywhere
