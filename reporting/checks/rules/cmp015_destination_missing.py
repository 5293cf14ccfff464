from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP015",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Destination of an export missing"),
    message=_("Line %(line_no)s: the export names no country of final destination."),
    explanation=_("Where exported magnets end up decides whether a licence is needed, and which."),
    remedy=_("Enter the two-letter code of the country of final destination, for example DE."),
    legal_basis=("DICTIONARY", "DUAL-USE"),
    per="line",
    needs=("kind",),
    optional_needs=("destination", "unread_destination"),
    passes=[
        filing("exported A 10 destination=JP"),
        filing("sold A 10"),
    ],
    fails=[filing("exported A 10 destination=")],
)
def destination_missing(lines: View) -> Broken:
    exported = lines.kind == KIND_CODES["exported"]
    return exported & lines.text("destination").missing & lines.text("unread_destination").missing
