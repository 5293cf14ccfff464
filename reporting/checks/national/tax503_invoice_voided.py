from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="TAX503",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("A filed invoice that was voided"),
    message=_(
        "Invoice %(invoice_no)s, filed for %(period)s as %(kind)s with %(filed_kg)s kg, has been voided."
    ),
    explanation=_(
        "An invoice voided after it was filed leaves a sale in the filing that has no paper any more."
    ),
    remedy=_("Amend the filing: take the line out, or name the invoice that took its place."),
    method=_(
        "Invoice by invoice, by its number and side; quantities within 0.1 per cent, money to the fen. Corrections are left to people."
    ),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="paper",
    needs=("fault", "kind", "invoice_no", "filed_g", "invoiced_g", "filed_fen", "invoiced_fen"),
    passes=[nation("A 2 sold M 100 party=B value=30000 invoice_no=N1", invoices=("N1 2 A B 100 30000",))],
    fails=[
        nation(
            "A 2 sold M 100 party=B value=30000 invoice_no=N1", invoices=("N1 2 A B 100 30000 status=voided",)
        )
    ],
)
def invoice_voided(papers: View) -> Broken:
    return papers.fault == 3
