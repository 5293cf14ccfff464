from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC012",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence used more often than allowed"),
    message=_(
        "Line %(line_no)s: licence %(licence_no)s had been used as often as it allows before declaration %(declaration_no)s."
    ),
    explanation=_(
        "A licence may limit for how many declarations it is good; the items of one declaration are one use."
    ),
    remedy=_(
        "Compare the number of the licence with the declaration. If it was used too often, say what happened."
    ),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "declaration_no", "uses_over"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.uses_over=no"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.uses_over=yes")],
)
def licence_used_too_often(lines: View) -> Broken:
    return lines.flag("uses_over")
