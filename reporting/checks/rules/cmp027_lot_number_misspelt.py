from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP027",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Lot number with ; : or /"),
    message=_("Line %(line_no)s: the lot number “%(batch)s” holds one of the characters ; : /"),
    explanation=_(
        "Those three characters separate lots, quantities and suppliers where a product is traced "
        "back to the lots that it was made from."
    ),
    remedy=_("Write the lot number without ; : and /."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=("batch",),
    passes=[filing("produced A 10 batch=L-2605")],
    fails=[filing("produced A 10 batch=L/2605")],
)
def lot_number_misspelt(lines: View) -> Broken:
    return ~lines.text("batch").matches(r"[^;:/]+")
