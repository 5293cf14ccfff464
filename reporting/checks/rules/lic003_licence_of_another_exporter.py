from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC003",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence of another exporter"),
    message=_("Line %(line_no)s: licence %(licence_no)s was not issued to you."),
    explanation=_("A licence is good for the exporter that it names and for nobody else."),
    remedy=_("Enter your own licence. If another enterprise exported for you, it files the export."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "licence_fault"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.fault=expired"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.fault=exporter_other")],
)
def licence_of_another_exporter(lines: View) -> Broken:
    return lines.text("licence_fault").isin(["exporter_other"])
