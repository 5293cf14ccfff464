from reporting.checks.columns import NA
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP003",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Product missing"),
    message=_("Line %(line_no)s names no product."),
    explanation=_("Each line moves one product of your catalogue. Without it the line belongs to no stock."),
    remedy=_("Enter the code of the product."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=(),
    optional_needs=("product_id", "unread_product"),
    passes=[filing("sold A 10")],
    fails=[filing("sold quantity=10")],
)
def product_missing(lines: View) -> Broken:
    return (lines.product_id == NA) & lines.text("unread_product").missing
