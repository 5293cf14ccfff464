from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX009",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("A metal with the contents of an oxide"),
    message=_("%(product)s is a metal and holds only %(contents_pct)s per cent of rare earth."),
    explanation=_("Rare earth metal is nearly pure. Between 75 and 90 per cent lie the oxides."),
    remedy=_("Correct the stage or the contents in your catalogue."),
    legal_basis=("IUPAC",),
    per="product",
    needs=("stage", "contents_pct"),
    passes=[filing("produced A 10", products=("A stage=metal family= nd_pct=99.5 pr_pct=",))],
    fails=[filing("produced A 10", products=("A stage=metal family= nd_pct=85.7 pr_pct=",))],
)
def metal_of_oxide_contents(products: View) -> Broken:
    return (
        (products.stage == STAGE_CODES["metal"]) & (products.contents_pct > 75) & (products.contents_pct < 90)
    )
