from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX008",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Dysprosium and terbium unusual for the grade"),
    message=_(
        "%(product)s, grade %(grade)s: %(heavy_pct)s per cent of dysprosium and terbium; usual are "
        "%(heavy_least_pct)s to %(heavy_most_pct)s per cent."
    ),
    explanation=_(
        "Magnets for high temperatures hold dysprosium or terbium, in the alloy or diffused into the "
        "surface. The grade does not fix the contents; it says what is usual."
    ),
    remedy=_("Check the grade and the assay."),
    legal_basis=("GBT13560", "NO18"),
    per="product",
    needs=("stage", "family", "grade", "heavy_pct", "heavy_least_pct", "heavy_most_pct"),
    passes=[filing("produced A 10", products=("A grade=N42SH nd_pct=28 pr_pct= dy_pct=2.5",))],
    fails=[
        filing("produced A 10", products=("A grade=N38EH nd_pct=30 pr_pct= dy_pct=0",)),
        filing("produced A 10", products=("A grade=N52 nd_pct=26 pr_pct= dy_pct=4",)),
    ],
)
def grade_contradicts_heavy(products: View) -> Broken:
    sintered = (products.stage == STAGE_CODES["magnet"]) | (products.stage == STAGE_CODES["magnet_block"])
    odd = (products.heavy_pct < products.heavy_least_pct) | (products.heavy_pct > products.heavy_most_pct)
    return sintered & products.text("family").isin(["ndfeb"]) & odd
