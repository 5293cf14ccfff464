from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 5
LEAST_KG = 500
OTHERS = tuple(f"{letter} 1-15 sold M 1000 party=X value=1" for letter in "BCDEF")
CLIENTS = ("X name=Motors country=CN id_type=USCC id_number=91110108MA01TWIN1A address=Lane",)


@check(
    code="TRD501",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("A sudden change that the sector does not share"),
    message=_(
        "In the three months to %(period)s %(lately_kg)s kg of rare earth a month were delivered, in the year before %(past_kg)s kg: "
        "%(change_pct)s per cent, where the sector changed by %(sector_change_pct)s per cent."
    ),
    explanation=_(
        "New works, a lost client or a contract change what is delivered, and the enterprise knows which. Without a reason, "
        "goods have come from or gone to somewhere else."
    ),
    remedy=_("Say what changed, or amend what was sold or exported."),
    method=_(
        "Rare earth sold and exported, the mean of three months over that of up to twelve before, as a logarithm, less the "
        "median of all enterprises that mostly deliver the same stage. Told beyond five spreads of such changes and 500 kg."
    ),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="trend",
    needs=(
        "stage",
        "lately_kg",
        "past_kg",
        "change_pct",
        "sector_change_pct",
        "change_spread_pct",
        "change_sure",
        "changed_kg",
        "up",
    ),
    grows="changed_kg",
    passes=[
        nation(*OTHERS, "A 1-15 sold M 1000 party=X value=1", clients=CLIENTS),
        nation(
            *OTHERS,
            "A 1-12 sold M 1000 party=X value=1",
            "A 13-15 sold M 1300 party=X value=1",
            clients=CLIENTS,
        ),
        nation(
            *(f"{letter} 1-12 sold M 1000 party=X value=1" for letter in "ABCDEF"),
            *(f"{letter} 13-15 sold M 6000 party=X value=1" for letter in "ABCDEF"),
            clients=CLIENTS,
        ),
        nation(*OTHERS, "A 13-15 sold M 9000 party=X value=1", clients=CLIENTS),
    ],
    fails=[
        nation(
            *OTHERS,
            "A 1-12 sold M 1000 party=X value=1",
            "A 13-15 sold M 6000 party=X value=1",
            clients=CLIENTS,
        ),
        nation(
            *OTHERS,
            "A 1-12 sold M 3000 party=X value=1",
            "A 13-15 sold M 200 party=X value=1",
            clients=CLIENTS,
        ),
    ],
)
def sudden_change(trends: View) -> Broken:
    return (trends.change_sure > SURE) & (trends.changed_kg > LEAST_KG)
