from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="TAX504",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Filed otherwise than invoiced"),
    message=_(
        "Invoice %(invoice_no)s, filed for %(period)s as %(kind)s: %(filed_kg)s kg and %(filed_cny)s CNY filed, "
        "%(invoiced_kg)s kg and %(invoiced_cny)s CNY invoiced."
    ),
    explanation=_("Quantity and value of a line are those of its invoice; several lines may share one."),
    remedy=_("Correct the line, or have the invoice corrected."),
    method=_(
        "Invoice by invoice, by its number and side; quantities within 0.1 per cent, money to the fen. Corrections are left to people."
    ),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="paper",
    needs=("fault", "kind", "invoice_no", "filed_g", "invoiced_g", "filed_fen", "invoiced_fen"),
    passes=[
        nation(
            "A 2 sold M 60 party=B value=18000 invoice_no=N1",
            "A 2 sold M 40 party=B value=12000 invoice_no=N1",
            invoices=("N1 2 A B 100 30000",),
        ),
    ],
    fails=[
        nation("A 2 sold M 90 party=B value=30000 invoice_no=N1", invoices=("N1 2 A B 100 30000",)),
        nation("A 2 sold M 100 party=B value=20000 invoice_no=N1", invoices=("N1 2 A B 100 30000",)),
    ],
)
def invoice_differs(papers: View) -> Broken:
    return papers.fault == 4
