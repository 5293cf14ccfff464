from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP032",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Stage of the product missing"),
    message=_("Product %(product)s has no stage."),
    explanation=_(
        "The stage (oxide, metal, alloy, magnet ...) says which balance and which rules apply to the product."
    ),
    remedy=_("Choose the stage in your catalogue."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="product",
    needs=(),
    optional_needs=("stage",),
    passes=[filing("produced A 10", products=("A stage=alloy",))],
    fails=[filing("produced A 10", products=("A stage=",))],
)
def stage_missing(products: View) -> Broken:
    return products.stage == 0
