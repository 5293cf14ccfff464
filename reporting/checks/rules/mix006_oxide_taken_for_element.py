from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX006",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Contents of an oxide given as oxide"),
    message=_(
        "%(product)s: contents of %(contents_pct)s per cent of the elements would make "
        "%(contents_as_oxide_pct)s per cent of oxide."
    ),
    explanation=_(
        "Contents are per cent of the element, not of its oxide. Pure neodymium oxide holds 85.7 per "
        "cent of neodymium."
    ),
    remedy=_(
        "Multiply the oxide by its metal fraction: La 0.853, Ce 0.814, Pr 0.828, Nd 0.857, Sm 0.862, "
        "Gd 0.868, Tb 0.850, Dy 0.871, Y 0.787."
    ),
    legal_basis=("IUPAC",),
    per="product",
    needs=("stage", "contents_as_oxide_pct", "contents_pct"),
    passes=[filing("produced A 10", products=("A stage=oxide family= nd_pct=85.7 pr_pct=",))],
    fails=[filing("produced A 10", products=("A stage=oxide family= nd_pct=99.5 pr_pct=",))],
)
def oxide_taken_for_element(products: View) -> Broken:
    return (
        (products.stage == STAGE_CODES["oxide"])
        & (products.contents_as_oxide_pct > 102)
        & (products.contents_pct <= 100)
    )
