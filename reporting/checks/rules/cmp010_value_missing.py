import numpy as np

from reporting.checks.columns import NA, PRICED_KINDS
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP010",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Value missing"),
    message=_("Line %(line_no)s (%(kind)s) has no value."),
    explanation=_(
        "Goods bought, imported, sold or exported are reported with their value in CNY, without VAT. "
        "It is compared with invoices and customs records."
    ),
    remedy=_("Enter the value without VAT; goods given away have the value 0."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind",),
    optional_needs=("value_fen", "unread_value_cny"),
    passes=[
        filing("sold A 10 value=3000"),
        filing("produced A 10"),
    ],
    fails=[filing("sold A 10 value=")],
)
def value_missing(lines: View) -> Broken:
    return (
        np.isin(lines.kind, PRICED_KINDS) & (lines.value_fen == NA) & lines.text("unread_value_cny").missing
    )
