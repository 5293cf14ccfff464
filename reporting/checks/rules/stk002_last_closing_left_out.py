import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="STK002",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Last month's closing stock left out"),
    message=_(
        "%(product)s closed the month before with %(last_closing_kg)s kg and has no opening stock now."
    ),
    explanation=_(
        "Stock does not vanish between two months. A product that had stock is carried on even in a "
        "month in which it does not move."
    ),
    remedy=_("Add an opening stock line, and a closing stock line if it is still there."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("last_closing_g", "stock_rounding_halfg", "opening_lines"),
    passes=[
        filing("opening A 10", before=("closing A 10",)),
        filing(nil=True, before=("closing A 10",)),
    ],
    fails=[filing("opening B 5", before=("closing A 10", "closing B 5"), products=("A", "B"))],
)
def last_closing_left_out(products: View) -> Broken:
    left_out = 2 * np.abs(products.last_closing_g) > products.stock_rounding_halfg
    return left_out & (products.opening_lines == 0)
