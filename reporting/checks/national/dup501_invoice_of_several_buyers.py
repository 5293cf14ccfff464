from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="DUP501",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("An invoice that several buyers have filed"),
    message=_("Invoice %(invoice_no)s stands in the purchases of %(buyers)s enterprises."),
    explanation=_("A seller's invoice has one buyer. Copied papers lend an origin to goods that have none."),
    remedy=_("Check the number and the supplier; correct the line."),
    method=_("Purchases of all enterprises by the seller's code and the number of the invoice. Exact."),
    legal_basis=("VAT-RE", "RE-REG-14"),
    per="claim",
    needs=("invoice_no", "buyers", "quantity_g"),
    passes=[
        nation(
            "B 2 purchased M 100 party=A invoice_no=N1 value=1",
            "C 2 purchased M 100 party=A invoice_no=N2 value=1",
        ),
        nation(
            "B 2 purchased M 100 party=A invoice_no=N1 value=1",
            "C 2 purchased M 100 party=D invoice_no=N1 value=1",
        ),
    ],
    fails=[
        nation(
            "B 2 purchased M 100 party=A invoice_no=N1 value=1",
            "C 2 purchased M 100 party=A invoice_no=N1 value=1",
        ),
    ],
)
def invoice_of_several_buyers(claims: View) -> Broken:
    return claims.buyers > 1
