from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="TAX501",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("An invoice that no filing names"),
    message=_(
        "Invoice %(invoice_no)s of %(period)s over %(invoiced_kg)s kg and %(invoiced_cny)s CNY is in no filing as %(kind)s."
    ),
    explanation=_(
        "The tax authority has this invoice. It should stand in the filing of its month or of the next one."
    ),
    remedy=_("Enter the line, or put the number of the invoice to the line that is there."),
    method=_(
        "Invoice by invoice, by its number and side; quantities within 0.1 per cent, money to the fen. Corrections are left to people."
    ),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="paper",
    needs=("fault", "kind", "invoice_no", "filed_g", "invoiced_g", "filed_fen", "invoiced_fen"),
    passes=[
        nation(
            "A 1-4 produced M 100",
            "A 2 sold M 100 party=B value=30000 invoice_no=N1",
            invoices=("N1 2 A B 100 30000",),
        ),
        nation("A 1-4 produced M 100", invoices=("N1 4 A B 100 30000",)),
    ],
    fails=[nation("A 1-4 produced M 100", invoices=("N1 2 A B 100 30000",))],
)
def invoice_not_filed(papers: View) -> Broken:
    return papers.fault == 1
