from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC002",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("No such licence"),
    message=_("Line %(line_no)s: there is no licence %(licence_no)s."),
    explanation=_(
        "Every licence that was issued is on record here. A number that is not was mistyped, or never issued."
    ),
    remedy=_("Compare the number with the licence, character by character."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=expired"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.fault=licence_unknown")],
)
def licence_unknown(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["licence_unknown"])
