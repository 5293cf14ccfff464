from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="QTA501",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("More mined or separated than the year's quota"),
    message=_(
        "%(year)s: up to %(period)s %(made_kg)s kg of rare earth oxide were made, the quota is %(quota_kg)s kg."
    ),
    explanation=_(
        "Ore products count against the quota of mining, oxides and compounds made of ore against that of separation, in "
        "kilograms of rare earth oxide. What comes of scrap does not count; what is worked for others does."
    ),
    remedy=_("Correct the output if it is wrong; else say on what ground more was made."),
    method=_(
        "Output times contents, as oxide, summed over the year; of separation the part of the feed that was ore. Exact, "
        "by the contents reported. Where quotas of the year are known, none means nothing."
    ),
    legal_basis=("INTERIM-71",),
    per="quota",
    needs=("year", "stage", "made_kg", "quota_g", "over_kg"),
    passes=[
        nation(
            "A 1-12 produced K 1000",
            products=("K stage=concentrate nd_pct=40",),
            quotas=("A 2025 concentrate 5600",),
        ),
        nation(
            "A 1-12 consumed R 1000",
            "A 1-12 produced O 300",
            products=("R stage=scrap nd_pct=28", "O stage=oxide nd_pct=85"),
            quotas=("B 2025 oxide 1000",),
        ),
    ],
    fails=[
        nation(
            "A 1-12 produced K 1000",
            products=("K stage=concentrate nd_pct=40",),
            quotas=("A 2025 concentrate 5500",),
        ),
        nation(
            "A 1-12 consumed K 1000",
            "A 1-12 produced O 440",
            products=("K stage=concentrate nd_pct=40", "O stage=oxide nd_pct=85"),
            quotas=("B 2025 oxide 1000",),
        ),
    ],
)
def over_quota(quotas: View) -> Broken:
    return quotas.over_kg > 0.001
