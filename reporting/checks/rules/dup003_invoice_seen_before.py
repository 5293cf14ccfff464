from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="DUP003",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("An invoice of an earlier month again"),
    message=_(
        "Line %(line_no)s (%(kind)s): invoice %(invoice_no)s already stands in the filing for "
        "%(invoice_before_period)s, line %(invoice_before_line_no)s."
    ),
    explanation=_(
        "An invoice that serves twice can make goods appear twice, or give papers to goods that have none."
    ),
    remedy=_("Correct the number, or say why one invoice covers deliveries of two months."),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="line",
    needs=("kind", "invoice_no", "invoice_before_period", "invoice_before_line_no"),
    passes=[filing("sold A 10 invoice_no=8", before=("sold A 10 invoice_no=7",))],
    fails=[filing("sold A 10 invoice_no=7", before=("sold A 10 invoice_no=7",))],
)
def invoice_seen_before(lines: View) -> Broken:
    return lines.everywhere
