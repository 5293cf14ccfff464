from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP006",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Quantity cannot be read"),
    message=_("Line %(line_no)s: the quantity “%(unread_quantity_kg)s” cannot be read as a number."),
    explanation=_("Quantities are kilograms written in figures, with at most three decimals."),
    remedy=_("Write the number alone, without a unit, for example 1250.5."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_quantity_kg",),
    passes=[
        filing("sold A 10.25"),
        filing("sold A unread.quantity_kg=1.2345"),
    ],
    fails=[filing("sold A unread.quantity_kg=12,5x")],
)
def quantity_unreadable(lines: View) -> Broken:
    return ~lines.text("unread_quantity_kg").matches(r"\s*-?[\d,\s]*\.\d{4,}\s*")
