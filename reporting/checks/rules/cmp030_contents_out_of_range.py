from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP030",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Contents outside 0 to 100 per cent"),
    message=_("Product %(product)s: the contents of an element lie outside 0 to 100 per cent."),
    explanation=_("Contents are mass per cent of the element in the product."),
    remedy=_("Correct the contents in your catalogue."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=("contents_out_of_range",),
    passes=[filing("produced A 10", products=("A nd_pct=100",))],
    fails=[
        filing("produced A 10", products=("A nd_pct=240",)),
        filing("produced A 10", products=("A nd_pct=-1",)),
    ],
)
def contents_out_of_range(products: View) -> Broken:
    return products.flag("contents_out_of_range")
