from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="TAX502",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("A filed invoice that the tax authority does not know"),
    message=_(
        "Invoice %(invoice_no)s, filed for %(period)s as %(kind)s with %(filed_kg)s kg, is not known to the tax authority."
    ),
    explanation=_(
        "Only numbers that the tax authority issued are special VAT invoices. A slip of a digit looks the same as a sale that never was."
    ),
    remedy=_("Correct the number, or say what stands behind the line."),
    method=_(
        "Invoice by invoice, by its number and side; quantities within 0.1 per cent, money to the fen. Corrections are left to people."
    ),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="paper",
    needs=("fault", "kind", "invoice_no", "filed_g", "invoiced_g", "filed_fen", "invoiced_fen"),
    passes=[
        nation("A 2 sold M 100 party=B value=30000 invoice_no=N1", invoices=("N1 2 A B 100 30000",)),
        nation("A 2 sold M 100 party=B value=30000 invoice_no=N9", invoices=("N1 3 A B 100 30000",)),
    ],
    fails=[nation("A 2 sold M 100 party=B value=30000 invoice_no=N9", invoices=("N1 2 A B 100 30000",))],
)
def invoice_unknown(papers: View) -> Broken:
    return papers.fault == 2
