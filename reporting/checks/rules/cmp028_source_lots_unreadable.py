from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP028",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Source lots cannot be read"),
    message=_("Line %(line_no)s: “%(from_batches)s” cannot be read as a list of lots."),
    explanation=_("The lots that a product was made from are the thread by which it is traced."),
    remedy=_("Write LOT, LOT:KG or, for a supplier's lot, USCC/LOT:KG, separated by semicolons."),
    legal_basis=("DICTIONARY",),
    per="line",
    needs=("from_batches",),
    passes=[
        filing("produced A 10 from_batches='L1:4.5;L2:6'"),
        filing("produced A 10 from_batches=91330201MADFQE5E01/L7:10"),
    ],
    fails=[filing("produced A 10 from_batches=L1:many")],
)
def source_lots_unreadable(lines: View) -> Broken:
    lot = r"\s*(?:[0-9A-Z]{18}/)?[^;:/]+(?::\d+(?:\.\d{1,3})?)?\s*"
    return ~lines.text("from_batches").matches(rf"{lot}(?:;{lot})*;?\s*")
