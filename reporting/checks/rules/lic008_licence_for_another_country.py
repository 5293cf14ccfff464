from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC008",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence for another country"),
    message=_("Line %(line_no)s: licence %(licence_no)s is not for goods to %(destination)s."),
    explanation=_("A licence names the countries of final destination."),
    remedy=_("Compare the destination with the licence and with the declaration."),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "destination", "destination_other"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.destination_other=no"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.destination_other=yes")],
)
def licence_for_another_country(lines: View) -> Broken:
    return lines.flag("destination_other")
