from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC005",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence expired"),
    message=_("Line %(line_no)s: licence %(licence_no)s had expired on the day of the export."),
    explanation=_("A licence holds until its last day, that day included."),
    remedy=_("Compare day and number. If the goods left after its last day, say what happened."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault", "date"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=suspended"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.fault=expired")],
)
def licence_expired(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["expired"])
