from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP005",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("One invoice number written in two ways"),
    message=_(
        "Line %(line_no)s (%(kind)s): invoice %(invoice_no)s reads like %(invoice_respelt_no)s in "
        "%(invoice_respelt_period)s, line %(invoice_respelt_line_no)s."
    ),
    explanation=_(
        "The letter O for the digit 0, I for 1, a stroke more or less: to the eye it is the same "
        "invoice of the same party, to a computer another one."
    ),
    remedy=_(
        "Write the number as it stands on the invoice, and remove the line if the delivery was "
        "already reported."
    ),
    legal_basis=("VAT-RE",),
    per="line",
    needs=(
        "kind",
        "invoice_no",
        "invoice_respelt_no",
        "invoice_respelt_line_no",
        "invoice_respelt_period",
    ),
    passes=[filing("sold A 10 invoice_no=AB-102", before=("sold A 10 invoice_no=AB-101",))],
    fails=[
        filing("sold A 10 invoice_no=AB-1O1", before=("sold A 10 invoice_no=AB-101",)),
        filing("sold A 10 invoice_no=AB101", "sold A 20 invoice_no=AB-101"),
    ],
)
def invoice_spelt_otherwise(lines: View) -> Broken:
    return lines.everywhere
