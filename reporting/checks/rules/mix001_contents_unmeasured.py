from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX001",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("No contents are given for a product"),
    message=_("%(product)s (%(stage)s) has no contents of any element."),
    explanation=_(
        "Balances of elements, yields and licences rest on contents. Empty is not the same as none: a"
        " measured absence is 0."
    ),
    remedy=_("Enter the contents from the assay or the recipe in your catalogue."),
    legal_basis=("RE-REG-14",),
    per="product",
    needs=("stage", "measured"),
    passes=[
        filing("sold A 10"),
        filing("sold A 10", products=("A stage=assembly nd_pct= pr_pct=",)),
    ],
    fails=[filing("sold A 10", products=("A nd_pct= pr_pct=",))],
)
def contents_unmeasured(products: View) -> Broken:
    return ~products.flag("measured") & (products.stage != STAGE_CODES["assembly"])
