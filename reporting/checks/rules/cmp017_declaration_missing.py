import numpy as np

from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP017",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Customs declaration missing"),
    message=_("Line %(line_no)s (%(kind)s) gives no customs declaration."),
    explanation=_(
        "Imports and exports are compared with customs records by the number of the declaration, one a line."
    ),
    remedy=_("Enter the number of the declaration; a part shipment is a line of its own."),
    legal_basis=("DICTIONARY", "CUSTOMS"),
    per="line",
    needs=("kind",),
    optional_needs=("declaration_no", "unread_declaration_no"),
    passes=[
        filing("exported A 10 declaration_no=310120261"),
        filing("sold A 10"),
    ],
    fails=[
        filing("exported A 10 declaration_no="),
        filing("imported A 10 declaration_no="),
    ],
)
def declaration_missing(lines: View) -> Broken:
    crossed = np.isin(lines.kind, [KIND_CODES["exported"], KIND_CODES["imported"]])
    return crossed & lines.text("declaration_no").missing & lines.text("unread_declaration_no").missing
