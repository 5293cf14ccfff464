import numpy as np

from reporting.checks.columns import STOCK_KINDS
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP009",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Stock below zero"),
    message=_("Line %(line_no)s (%(kind)s): %(quantity_kg)s kg; a stock cannot be below 0."),
    explanation=_(
        "Opening and closing stock are what lay in the warehouse. The least that can lie there is nothing."
    ),
    remedy=_("Enter the stock counted, 0 if there was none."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind", "quantity_g"),
    passes=[filing("closing A 0")],
    fails=[filing("opening A -1")],
)
def stock_negative(lines: View) -> Broken:
    return (lines.quantity_g < 0) & np.isin(lines.kind, STOCK_KINDS)
