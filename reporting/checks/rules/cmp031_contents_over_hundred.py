from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP031",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Contents add up to more than 100 per cent"),
    message=_("Product %(product)s: its contents add up to %(contents_pct)s per cent."),
    explanation=_("The elements of a product cannot weigh more than the product."),
    remedy=_("Correct the contents in your catalogue."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("contents_pct", "contents_out_of_range"),
    passes=[filing("produced A 10", products=("A nd_pct=75 pr_pct=25",))],
    fails=[filing("produced A 10", products=("A nd_pct=80 pr_pct=25",))],
)
def contents_over_hundred(products: View) -> Broken:
    return (products.contents_pct > 100 + 1e-9) & ~products.flag("contents_out_of_range")
