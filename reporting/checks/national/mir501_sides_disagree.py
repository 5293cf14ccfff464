from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="MIR501",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("Seller and buyer report different quantities"),
    message=_(
        "Up to %(period)s the seller reports %(sold_kg)s kg sold, the buyer %(bought_kg)s kg bought; the difference "
        "beyond what the last days of a month explain is %(gap_kg)s kg, its standard uncertainty %(sigma_kg)s kg."
    ),
    explanation=_(
        "Both sides of a sale report it. Added up over the months that both have filed, slips from one month into the "
        "next vanish; what is left was reported by one side alone."
    ),
    remedy=_("An amendment of the side that is off clears it."),
    method=_(
        "Quantities of the same stage are cumulated over the months filed by both, returns taken off. What moved after "
        "the 20th of the last month is set aside. A difference counts above four sigma, above 50 kg and above two per "
        "cent, for two months running. Who is off: the side whose trade with others disagrees more; else the one that "
        "reports less."
    ),
    legal_basis=("RE-REG-14", "INTERIM-71"),
    per="pair",
    needs=(
        "sold_kg",
        "bought_kg",
        "gap_kg",
        "sigma_kg",
        "sure",
        "stage",
        "seller_elsewhere_pct",
        "buyer_elsewhere_pct",
        "buyer_is_off",
    ),
    statistic="sure",
    grows="gap_kg",
    passes=[
        nation("A 1-6 sold M 1000 party=B", "B 1-6 purchased M 1000 party=A"),
        nation(
            "A 1-6 sold M 1000 party=B day=28", "B 1 purchased M 0 party=A", "B 2-6 purchased M 1000 party=A"
        ),
    ],
    fails=[
        nation("A 1-6 sold M 1000 party=B", "B 1-6 purchased M 800 party=A"),
        nation("A 1-6 sold M 1000 party=B", "B 1-6 purchased M 1200 party=A"),
    ],
)
def sides_disagree(pairs: View) -> Broken:
    return pairs.sure > 4
