from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC006",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence suspended"),
    message=_("Line %(line_no)s: licence %(licence_no)s was suspended on the day of the export."),
    explanation=_(
        "Nothing may leave under a licence while it is suspended, from the first day of the suspension to its last."
    ),
    remedy=_("Compare day and number. If the goods left all the same, say what happened."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault", "date"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=expired"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.fault=suspended")],
)
def licence_suspended(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["suspended"])
