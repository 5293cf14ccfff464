import numpy as np

from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP018",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Invoice missing without a note"),
    message=_(
        "Line %(line_no)s (%(kind)s) gives neither an invoice number nor a note that says why not yet."
    ),
    explanation=_(
        "Sales and purchases are compared with invoices. An invoice may come later than the goods; "
        "then a few words say so."
    ),
    remedy=_("Enter the invoice number, or say in the note why there is none yet."),
    legal_basis=("DICTIONARY", "VAT-RE"),
    per="line",
    needs=("kind",),
    optional_needs=("invoice_no", "note", "unread_invoice_no"),
    passes=[
        filing("sold A 10 invoice_no=04400123"),
        filing("sold A 10 invoice_no= note='invoice follows in June'"),
    ],
    fails=[filing("sold A 10 invoice_no=")],
)
def invoice_missing(lines: View) -> Broken:
    invoiced = np.isin(lines.kind, [KIND_CODES["sold"], KIND_CODES["purchased"], KIND_CODES["exported"]])
    absent = lines.text("invoice_no").missing & lines.text("unread_invoice_no").missing
    return invoiced & absent & lines.text("note").missing
