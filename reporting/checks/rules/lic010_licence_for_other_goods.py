from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC010",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence for other goods"),
    message=_("Line %(line_no)s: licence %(licence_no)s does not cover %(control_code)s."),
    explanation=_("Each line of a licence names the entries of the control list that it covers."),
    remedy=_(
        "Compare the product and its contents with the licence, and name the line of the licence that was drawn."
    ),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "control_code", "entry_other"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.entry_other=no licence.control_code=1C904.a.4"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.entry_other=yes licence.control_code=1C904.a.4")],
)
def licence_for_other_goods(lines: View) -> Broken:
    return lines.flag("entry_other")
