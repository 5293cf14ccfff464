from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP007",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Quantity has more than three decimals"),
    message=_("Line %(line_no)s: %(unread_quantity_kg)s kg has more than three decimals."),
    explanation=_(
        "Quantities are kept to the gram. We do not round what you report: how many decimals you give"
        " is how exactly it is checked."
    ),
    remedy=_("Round to the gram yourself, the same way on every line."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_quantity_kg",),
    passes=[filing("sold A 10.123")],
    fails=[filing("sold A unread.quantity_kg=10.1234")],
)
def quantity_too_precise(lines: View) -> Broken:
    return lines.text("unread_quantity_kg").matches(r"\s*-?[\d,\s]*\.\d{4,}\s*")
