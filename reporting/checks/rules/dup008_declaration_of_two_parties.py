from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP008",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("One declaration with two parties or destinations"),
    message=_(
        "Line %(line_no)s (%(kind)s): declaration %(declaration_no)s has another party or destination"
        " at line %(declaration_party_line_no)s."
    ),
    explanation=_("One declaration has one consignee and one destination."),
    remedy=_("Correct the number, the party or the destination."),
    legal_basis=("CUSTOMS",),
    per="line",
    needs=("kind", "declaration_no", "declaration_party_line_no"),
    passes=[
        filing("exported A 10 declaration_no=31", "exported B 5 declaration_no=31", products=("A", "B")),
    ],
    fails=[
        filing(
            "exported A 10 declaration_no=31 destination=DE",
            "exported B 5 declaration_no=31 destination=US",
            products=("A", "B"),
        ),
    ],
)
def declaration_of_two_parties(lines: View) -> Broken:
    return lines.everywhere
