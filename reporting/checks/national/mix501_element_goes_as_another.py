from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 4
LEAST_KG = 100
LEAST_CNY = 100_000
PRODUCTS = (
    "L stage=metal nd_pct=70 dy_pct=5",
    "M stage=alloy nd_pct=28 dy_pct=2",
    "N stage=alloy nd_pct=28.8 dy_pct=1.2",
    "O stage=alloy nd_pct=28.1 dy_pct=1.95",
)


@check(
    code="MIX501",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("One element comes out otherwise than the others"),
    message=_(
        "In half a year up to %(period)s of %(element_in_kg)s kg %(element)s that went in %(element_out_kg)s kg came out; against all other rare "
        "earths that is %(mix_pct)s per cent off, where %(mix_spread_pct)s per cent is usual. It comes to %(shifted_kg)s kg."
    ),
    explanation=_(
        "Work loses rare earth, but no element more than the others. Where dysprosium or terbium goes out as neodymium or "
        "praseodymium, the sum still balances and the share of the heavy falls."
    ),
    remedy=_(
        "An assay of the goods that went out clears it, or an amendment with the contents they really had."
    ),
    method=_(
        "Logarithm of an element's recovery less that of all others, over half years, against the feed and against the "
        "enterprise's own past, whichever is nearer. The standard uncertainty joins the assays' with the spread among "
        "enterprises that do the same work. The limit comes from clean nations."
    ),
    legal_basis=("RE-REG-14", "NO18"),
    per="mixture",
    needs=(
        "element",
        "mix_pct",
        "mix_spread_pct",
        "mix_sure",
        "mix_limit",
        "element_in_kg",
        "element_out_kg",
        "shifted_kg",
        "lower",
    ),
    optional_needs=("usual_mix_pct", "worth_cny"),
    statistic="mix_sure",
    grows="shifted_kg",
    passes=[
        nation("A 1-12 consumed L 10000", "A 1-12 produced M 24250", products=PRODUCTS),
        nation("A 1-12 consumed L 10000", "A 1-12 produced M 20000", products=PRODUCTS),
        nation("A 1-12 consumed L 10000", "A 1-12 produced O 24250", products=PRODUCTS),
        nation(
            "A 1-24 consumed L 10000",
            "A 1-24 produced N 24250",
            "B 1-24 consumed L 10000",
            "B 1-24 produced N 24250",
            "C 1-24 consumed L 10000",
            "C 1-24 produced N 24250",
            "D 1-24 consumed L 10000",
            "D 1-24 produced N 24250",
            "E 1-24 consumed L 10000",
            "E 1-24 produced N 24250",
            products=PRODUCTS,
        ),
    ],
    fails=[
        nation(
            *(
                f"{letter} 1-24 {work}"
                for letter in "BCDEF"
                for work in ("consumed L 10000", "produced M 24250")
            ),
            "A 1-24 consumed L 10000",
            "A 1-12 produced M 24250",
            "A 13-24 produced N 24250",
            products=PRODUCTS,
        ),
    ],
)
def element_goes_as_another(mixtures: View) -> Broken:
    return (
        (mixtures.mix_sure >= mixtures.mix_limit)
        & (mixtures.mix_sure > SURE)
        & ((mixtures.shifted_kg > LEAST_KG) | (mixtures.worth_cny > LEAST_CNY))
    )
