from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC004",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence not valid yet"),
    message=_("Line %(line_no)s: licence %(licence_no)s was not valid yet on the day of the export."),
    explanation=_("A licence holds from the day on which it was issued."),
    remedy=_("Compare day and number. If the goods left before the licence was issued, say what happened."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault", "date"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=expired"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.fault=not_yet_valid")],
)
def licence_not_valid_yet(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["not_yet_valid"])
