from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP004",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Product not in your catalogue"),
    message=_("Line %(line_no)s: there is no product “%(unread_product)s” in your catalogue."),
    explanation=_(
        "Products are known by the code that your organisation gave them. Their contents and stage "
        "come from the catalogue."
    ),
    remedy=_("Correct the code, or add the product to your catalogue first."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("unread_product",),
    passes=[filing("sold A 10")],
    fails=[filing("sold quantity=10 unread.product=A-42")],
)
def product_unknown(lines: View) -> Broken:
    return lines.text("unread_product").present
