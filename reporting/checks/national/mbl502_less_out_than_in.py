from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

LEAST_KG = 25
LEAST_CNY = 25_000


@check(
    code="MBL502",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("Less of an element comes out than went in, month after month"),
    message=_(
        "From %(first_period)s to %(period)s %(excess_kg)s kg of %(element)s that were consumed came out in no product; "
        "the standard uncertainty is %(sigma_kg)s kg."
    ),
    explanation=_(
        "A process that worked well and now gives less has lost something, or what it gave is not reported: goods sold "
        "past the books look like this."
    ),
    remedy=_("An amendment that reports what was made, or a record of the losses, clears it."),
    method=_(
        "For each element, over all work of an enterprise and in each chain of it (stage and grade): produced less the "
        "nation's usual recovery of what was consumed, month by month. The error has a part of each month, work in hand "
        "that slips into the next, and a part shared by all months (assays, habits of the work). Residuals by Cholesky's "
        "factor of the covariance, each cut off at three sigma, are added up by Page's test with a slack of 0.3; beside "
        "it, the excess cumulated since each month is held against its standard uncertainty. The limits come from clean "
        "nations, not from a hand."
    ),
    legal_basis=("RE-REG-14", "IUPAC"),
    per="balance",
    needs=(
        "sign",
        "element",
        "stage",
        "grade",
        "page",
        "page_limit",
        "shift",
        "shift_limit",
        "rarity",
        "excess_kg",
        "sigma_kg",
        "into_kg",
        "out_of_kg",
        "months",
    ),
    optional_needs=("worth_cny",),
    statistic="rarity",
    grows="excess_kg",
    passes=[
        nation("A 1-24 consumed L 10000", "A 1-24 produced M 24250"),
        nation("A 1-24 consumed L 10000", "A 1-23 produced M 24250", "A 24 produced M 21000"),
    ],
    fails=[nation("A 1-24 consumed L 10000", "A 1-12 produced M 24250", "A 13-24 produced M 23000")],
)
def less_out_than_in(balances: View) -> Broken:
    return (
        (balances.sign == -1)
        & ((balances.shift >= balances.shift_limit) | (balances.page >= balances.page_limit))
        & (balances.excess_kg > 3 * balances.sigma_kg)
        & ((balances.excess_kg > LEAST_KG) | (balances.worth_cny > LEAST_CNY))
    )
