import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="STK003",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Opening stock where there was none"),
    message=_("%(product)s opens with %(opening_kg)s kg; the month before had no stock of it."),
    explanation=_(
        "A product that had no closing stock cannot have an opening stock. Goods that came in are "
        "reported as what they are: bought, made, found."
    ),
    remedy=_("Remove the opening stock, report how the goods came in, or amend the month before."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("opening_g", "last_closing_g", "stock_rounding_halfg", "opening_lines"),
    passes=[
        filing("opening A 10", before=("closing A 10",)),
        filing("opening A 0", before=("sold A 1",)),
    ],
    fails=[
        filing("opening A 10", before=("opening A 3", "sold A 3")),
        filing("opening A 10", before=("closing A 0.000",)),
    ],
)
def opening_from_nothing(products: View) -> Broken:
    gap = 2 * np.abs(products.opening_g - products.last_closing_g) > products.stock_rounding_halfg
    return gap & (products.last_closing_g == 0) & (products.opening_lines > 0)
