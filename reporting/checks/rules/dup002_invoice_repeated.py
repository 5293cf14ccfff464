from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP002",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("An invoice twice for the same product"),
    message=_(
        "Line %(line_no)s (%(kind)s): invoice %(invoice_no)s already stands at line "
        "%(invoice_again_line_no)s for the same product and party."
    ),
    explanation=_("One delivery is reported once. An invoice for several lots names the lot on each line."),
    remedy=_("Remove the line that was entered twice, or give the lots."),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="line",
    needs=("kind", "invoice_no", "invoice_again_line_no"),
    passes=[
        filing("sold A 10 invoice_no=7", "sold B 20 invoice_no=7", products=("A", "B")),
        filing("sold A 10 invoice_no=7 batch=L1", "sold A 20 invoice_no=7 batch=L2"),
    ],
    fails=[filing("sold A 10 invoice_no=7", "sold A 20 invoice_no=7")],
)
def invoice_repeated(lines: View) -> Broken:
    return lines.everywhere
