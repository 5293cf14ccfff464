import numpy as np

from reporting.checks.columns import STAGE_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="MIX005",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Contents do not fit the kind of magnet"),
    message=_("%(product)s (%(family)s): %(contents_pct)s per cent of rare earth."),
    explanation=_(
        "A sintered NdFeB magnet holds some 29 to 33 per cent of rare earth, bonded and coated ones "
        "less; SmCo some 23 to 36. Outside 20 to 38 the contents or the family are wrong."
    ),
    remedy=_("Correct the contents or the family in your catalogue."),
    legal_basis=("GBT13560", "IUPAC"),
    per="product",
    needs=("stage", "family", "contents_pct"),
    passes=[filing("produced A 10", products=("A nd_pct=24 pr_pct=6",))],
    fails=[
        filing("produced A 10", products=("A nd_pct=60 pr_pct=6",)),
        filing("produced A 10", products=("A nd_pct=8 pr_pct=",)),
    ],
)
def contents_off_family(products: View) -> Broken:
    magnet = np.isin(products.stage, [STAGE_CODES["magnet"], STAGE_CODES["magnet_block"]])
    known = products.text("family").isin(["ndfeb", "smco"])
    return magnet & known & ((products.contents_pct < 20) | (products.contents_pct > 38))
