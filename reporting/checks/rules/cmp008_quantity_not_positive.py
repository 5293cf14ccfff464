import numpy as np

from reporting.checks.columns import STOCK_KINDS
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP008",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Quantity is not above zero"),
    message=_("Line %(line_no)s (%(kind)s): the quantity is %(quantity_kg)s kg; it must be more than 0."),
    explanation=_(
        "The kind of the line says whether goods came in or went out, so quantities carry no sign. A "
        "correction or return is a line of its own kind."
    ),
    remedy=_("Enter a positive quantity; for goods that came back choose a return, or remove the line."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind", "quantity_g"),
    passes=[
        filing("sold A 0.001"),
        filing("closing A 0"),
    ],
    fails=[
        filing("sold A 0"),
        filing("sold A -5"),
    ],
)
def quantity_not_positive(lines: View) -> Broken:
    return (lines.quantity_g <= 0) & ~np.isin(lines.kind, STOCK_KINDS)
