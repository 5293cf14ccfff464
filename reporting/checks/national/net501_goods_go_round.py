from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 8
LEAST_KG = 100
LEAST_CNY = 100_000


@check(
    code="NET501",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("Goods that go round and come back"),
    message=_(
        "From %(first_period)s to %(period)s %(stage)s went round %(rounds)s times: %(path)s; %(ring_kg)s kg came back to where they "
        "had been sold, the same within a fifth at every leg."
    ),
    explanation=_(
        "Goods are sold to be used. What is sold on, unchanged, until it is back where it began was never needed: invoices "
        "were, or an origin, or turnover."
    ),
    remedy=_(
        "Papers of transport and of the use of the goods at any leg clear it; so does an amendment that shows a return or "
        "work for another as what it was."
    ),
    method=_(
        "Sales between enterprises by stage, main element and month, the larger of both sides' figures, returns taken off, "
        "work for others left out. A round is a path in time of two to six legs, each begun no earlier than the one before, "
        "within two months, with 0.8 to 1.25 times its quantity. Each leg speaks by how closely quantities agree, in bits; "
        "rounds of the same enterprises add up. The limit comes from clean nations."
    ),
    legal_basis=("RE-REG-14", "VAT-RE"),
    per="ring",
    nightly=True,
    needs=(
        "path",
        "stage",
        "rounds",
        "legs",
        "ring_kg",
        "contained_kg",
        "ring_cny",
        "ring_bits",
        "ring_limit",
    ),
    statistic="ring_bits",
    grows="ring_kg",
    passes=[
        nation("A 1-6 sold M 1000 party=B", "B 1-6 sold M 990 party=C", "C 1-6 sold M 980 party=D"),
        nation("A 1-6 sold M 1000 party=B", "B 1-6 sold M 500 party=C", "C 1-6 sold M 200 party=A"),
        nation("A 6 sold M 1000 party=B day=20", "B 3 sold M 1000 party=C", "C 1 sold M 1000 party=A"),
        nation(
            "A 1-6 sold M 1000 party=B",
            "B 1-6 returned_out M 1000 party=A",
            "A 1-6 returned_in M 1000 party=B",
        ),
        nation(
            "A 1-6 tolled_out L 1000 party=B",
            "B 1-6 tolled_out L 990 party=A",
            "B 1-6 tolled_in L 1000 party=A",
        ),
        nation("A 1-6 sold L 1000 party=B", "B 1-6 sold M 1000 party=A"),
    ],
    fails=[
        nation(
            "A 1-6 sold M 1000 party=B day=3",
            "B 1-6 sold M 990 party=C day=12",
            "C 1-6 sold M 980 party=A day=20",
        ),
        nation(
            "A 1 sold M 1000 party=B",
            "B 2 sold M 1000 party=C",
            "C 2 sold M 1000 party=D",
            "D 3 sold M 1000 party=A",
        ),
        nation("B 1-4 purchased M 1000 party=A", "A 1-4 purchased M 1000 party=B"),
    ],
)
def goods_go_round(rings: View) -> Broken:
    return (
        (rings.ring_bits >= rings.ring_limit)
        & (rings.ring_bits > SURE)
        & ((rings.contained_kg > LEAST_KG) | (rings.ring_cny > LEAST_CNY))
    )
