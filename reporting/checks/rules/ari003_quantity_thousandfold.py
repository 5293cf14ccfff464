import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="ARI003",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Quantity about a thousand times the usual one, or a thousandth"),
    message=_(
        "Line %(line_no)s (%(kind)s): %(quantity_kg)s kg; lines of this kind for this product were "
        "usually %(usual_quantity_kg)s kg."
    ),
    explanation=_(
        "Against your own last twelve months the quantity is off by about a factor of a thousand, as "
        "when tonnes or grams are taken for kilograms."
    ),
    remedy=_("Check the unit. If the quantity is right, say why it differs."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind", "quantity_g", "usual_quantity_kg", "least_quantity_kg", "most_quantity_kg"),
    passes=[filing("sold A 150", history=("sold A 100",))],
    fails=[
        filing("sold A 100000", history=("sold A 100",)),
        filing("sold A 0.1", history=("sold A 100",)),
    ],
)
def quantity_thousandfold(lines: View) -> Broken:
    kilograms = lines.quantity_g / 1000
    ratio = np.log10(np.maximum(kilograms, 1e-9) / lines.usual_quantity_kg)
    beyond = (kilograms > 50 * lines.most_quantity_kg) | (kilograms < lines.least_quantity_kg / 50)
    return beyond & (np.abs(np.abs(ratio) - 3) < 0.4) & (kilograms > 0)
