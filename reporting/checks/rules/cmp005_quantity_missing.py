from reporting.checks.columns import NA
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP005",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Quantity missing"),
    message=_("Line %(line_no)s has no quantity."),
    explanation=_(
        "A movement without a quantity cannot be balanced. If nothing moved, the line is not needed; "
        "stock of nothing is 0."
    ),
    remedy=_("Enter the quantity in kilograms, or remove the line."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=(),
    optional_needs=("quantity_g", "unread_quantity_kg"),
    passes=[
        filing("sold A 10"),
        filing("closing A 0"),
    ],
    fails=[filing("sold A quantity=")],
)
def quantity_missing(lines: View) -> Broken:
    return (lines.quantity_g == NA) & lines.text("unread_quantity_kg").missing
