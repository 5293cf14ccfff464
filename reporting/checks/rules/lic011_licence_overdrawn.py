from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC011",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("More than was left on the licence"),
    message=_("Line %(line_no)s: licence %(licence_no)s had %(over_kg)s kg less left than was exported."),
    explanation=_(
        "What customs recorded is drawn from the licence's balance, in the order of days; nothing may leave beyond it and its tolerance. What customs has not recorded yet is counted as you filed it."
    ),
    remedy=_(
        "Compare quantity and licence with the declaration. If more left than was licensed, say what happened."
    ),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "over_g"),
    passes=[filing("exported A 10 licence_no=L1"), filing("exported A 10 licence_no=L1 licence.over_g=0")],
    fails=[filing("exported A 10 licence_no=L1 licence.over_g=2500")],
)
def licence_overdrawn(lines: View) -> Broken:
    return lines.everywhere
