import numpy as np

from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX007",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("The family of a magnet contradicts its contents"),
    message=_(
        "%(product)s is entered as %(family)s; its contents of light rare earth (%(light_pct)s per "
        "cent) and samarium say otherwise."
    ),
    explanation=_(
        "NdFeB lives on neodymium, praseodymium and cerium; SmCo on samarium. The two fall under "
        "different entries of the control list."
    ),
    remedy=_("Correct the family or the contents in your catalogue."),
    legal_basis=("GBT13560", "IUPAC"),
    per="product",
    needs=("stage", "family", "light_pct"),
    optional_needs=("samarium_pct",),
    passes=[
        filing("produced A 10"),
        filing("produced A 10", products=("A family=smco nd_pct=0 pr_pct= sm_pct=25",)),
    ],
    fails=[
        filing("produced A 10", products=("A family=smco nd_pct=24 pr_pct=6",)),
        filing("produced A 10", products=("A nd_pct=0 pr_pct= sm_pct=25",)),
    ],
)
def family_contradicts_contents(products: View) -> Broken:
    magnet = np.isin(products.stage, [STAGE_CODES["magnet"], STAGE_CODES["magnet_block"]])
    family, samarium = products.text("family"), np.nan_to_num(products.samarium_pct)
    not_neodymium = family.isin(["ndfeb"]) & ((products.light_pct < 12) | (samarium > 3))
    return magnet & (not_neodymium | (family.isin(["smco"]) & (samarium < 12)))
