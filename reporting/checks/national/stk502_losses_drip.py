from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

LEAST_KG = 25


@check(
    code="STK502",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("Goods are written off, or found, month after month"),
    message=_(
        "From %(first_period)s to %(period)s counts wrote off %(lost_kg)s kg and found %(gained_kg)s kg of rare earth, in "
        "%(months)s months; what counts usually differ by is %(sigma_kg)s kg."
    ),
    explanation=_(
        "A count is wrong once and right again. What is written off in one month after the other may have been sold past "
        "the books; what is found in one month after the other may be feed that nobody reported."
    ),
    remedy=_(
        "Records of the counts and of where the goods went clear it, or an amendment that reports them."
    ),
    method=_(
        "For each stage and grade of an enterprise: written off less found, month by month, against a small part of what "
        "was handled. What was always written off is the enterprise's habit. A shift that lasts three months at least is "
        "told by its standard uncertainties, each month cut off at three sigma, so that one loss, however large, is none. "
        "The limit comes from clean nations."
    ),
    legal_basis=("RE-REG-14", "DICTIONARY"),
    per="counting",
    needs=(
        "sign",
        "stage",
        "grade",
        "lost_kg",
        "gained_kg",
        "beyond_kg",
        "handled_kg",
        "sigma_kg",
        "drip",
        "drip_limit",
        "months",
    ),
    statistic="drip",
    grows="beyond_kg",
    passes=[
        nation("A 1-24 consumed L 10000", "A 1-24 produced M 24250", "A 9 lost M 2000"),
        nation("A 1-24 consumed L 10000", "A 1-24 produced M 24250", "A 1-24 lost M 300"),
    ],
    fails=[nation("A 1-24 consumed L 10000", "A 1-24 produced M 24250", "A 12-24 lost M 500")],
)
def losses_drip(countings: View) -> Broken:
    return (
        (countings.drip >= countings.drip_limit) & (countings.beyond_kg > LEAST_KG) & (countings.months >= 3)
    )
