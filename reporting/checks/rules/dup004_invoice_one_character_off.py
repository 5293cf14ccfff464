from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP004",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Two invoices that differ by one character"),
    message=_(
        "Line %(line_no)s (%(kind)s): invoice %(invoice_no)s differs by one character from that of "
        "line %(invoice_one_off_line_no)s, for the same goods on the same day at the same value."
    ),
    explanation=_(
        "The same delivery entered twice often carries a number with a slip of the finger. Numbers "
        "that follow one another are left alone."
    ),
    remedy=_("Remove one of the lines, or leave both if there were two deliveries."),
    legal_basis=("VAT-RE",),
    per="line",
    needs=("kind", "invoice_no", "invoice_one_off_line_no"),
    passes=[filing("sold A 10 invoice_no=04400121", "sold A 10 invoice_no=04400122")],
    fails=[filing("sold A 10 invoice_no=04400121", "sold A 10 invoice_no=04900121")],
)
def invoice_one_character_off(lines: View) -> Broken:
    return lines.everywhere
