import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="STK001",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Opening stock is not last month's closing stock"),
    message=_(
        "%(product)s opens with %(opening_kg)s kg; the month before closed with %(last_closing_kg)s kg."
    ),
    explanation=_(
        "What lay in the warehouse on the last evening of a month lies there the next morning. "
        "Rounding is allowed for, nothing more."
    ),
    remedy=_(
        "Correct the opening stock, or amend the month before. A count that found more or less is a "
        "line of its own: found or lost."
    ),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("opening_g", "last_closing_g", "stock_rounding_halfg", "opening_lines"),
    passes=[
        filing("opening A 10", before=("closing A 10.3",)),
        filing("opening A 12"),
    ],
    fails=[
        filing("opening A 12", before=("closing A 10",)),
        filing("opening A 12", past={2: ("closing A 10",), 1: ()}),
    ],
)
def opening_is_not_last_closing(products: View) -> Broken:
    gap = 2 * np.abs(products.opening_g - products.last_closing_g) > products.stock_rounding_halfg
    return gap & (products.last_closing_g != 0) & (products.opening_lines > 0)
