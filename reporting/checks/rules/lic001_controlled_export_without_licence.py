from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC001",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Controlled goods exported without a licence"),
    message=_("Line %(line_no)s: %(control_code)s covers these goods, and the line names no licence."),
    explanation=_(
        "What the control list covers leaves the country with a licence only. Whether it does follows from the product's stage, family and measured contents."
    ),
    remedy=_(
        "Enter the number of the licence that was presented. If the goods are not controlled, correct the product's contents and say so. If they left without a licence, say what happened."
    ),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("kind", "controlled", "control_code"),
    optional_needs=("licence_no",),
    passes=[
        filing("exported A 10 licence_no=L1 licence.controlled=yes licence.control_code=1C905.a.4"),
        filing("exported A 10"),
    ],
    fails=[filing("exported A 10 licence.controlled=yes licence.control_code=1C905.a.4")],
)
def controlled_export_without_licence(lines: View) -> Broken:
    exported = lines.kind == KIND_CODES["exported"]
    return exported & lines.flag("controlled") & lines.text("licence_no").missing
