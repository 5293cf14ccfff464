from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC007",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence revoked or given back"),
    message=_("Line %(line_no)s: licence %(licence_no)s did not hold any more on the day of the export."),
    explanation=_("A licence that was revoked or given back holds no more from that day on."),
    remedy=_("Compare day and number. If the goods left all the same, say what happened."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault", "date"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=expired"),
    ],
    fails=[
        filing("exported A 10 licence_no=L1 licence.fault=revoked"),
        filing("exported A 10 licence_no=L1 licence.fault=surrendered"),
    ],
)
def licence_withdrawn(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["revoked", "surrendered"])
