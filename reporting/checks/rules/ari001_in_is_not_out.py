import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="ARI001",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("What came in is not what went out"),
    message=_("%(product)s: %(in_kg)s kg in, %(out_kg)s kg out; the difference is %(imbalance_kg)s kg."),
    explanation=_(
        "For each product, opening stock and all that came in equals all that went out and closing "
        "stock. Rounding is allowed for: half a unit of the last decimal of each value that you gave,"
        " no more."
    ),
    remedy=_(
        "Look for a movement that is missing, entered twice or in another unit; if a count found more"
        " or less, report it as found or lost."
    ),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("imbalance_g", "rounding_halfg", "in_g", "out_g"),
    passes=[
        filing("opening A 10", "sold A 4", "closing A 6"),
        filing("opening A 10.4", "sold A 4", "closing A 6"),
    ],
    fails=[
        filing("opening A 10", "sold A 4", "closing A 8"),
        filing("opening A 10.000", "sold A 4.000", "closing A 6.002"),
    ],
)
def in_is_not_out(products: View) -> Broken:
    return 2 * np.abs(products.imbalance_g) > products.rounding_halfg
