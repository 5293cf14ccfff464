from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 7
LEAST_KG = 100
LEAST_CNY = 500_000


@check(
    code="NET503",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("A client with whom the goods end"),
    message=_(
        "From %(first_period)s to %(period)s %(sellers)s enterprises report sales of %(contained_kg)s kg of rare earth and %(bought_cny)s CNY "
        "to a client that files no use and no sale of it; %(sharing)s parties stand at its address."
    ),
    explanation=_(
        "Concentrate, metal, alloy and blocks are bought to be worked, and who works them files. Goods sold to somebody "
        "who never uses nor sells them may have gone elsewhere, and several buyers at one address may be one."
    ),
    remedy=_(
        "The client's own filing clears it, or its true name and number, or papers that show where the goods went and to "
        "what use."
    ),
    method=_(
        "Parties at home by their number in all enterprises' books. Points for goods that have to be worked without a filing, "
        "for filings without any use or sale over six months, for each further party at the address, for a missing number or "
        "address, for a single seller and for months. The limit comes from clean nations. Who sold most answers, or the "
        "client where it files."
    ),
    legal_basis=("RE-REG-14", "MAGNET-2025"),
    per="ghost",
    nightly=True,
    needs=(
        "contained_kg",
        "bought_cny",
        "months",
        "sellers",
        "sharing",
        "opaque",
        "idle",
        "should_file",
        "ghost_bits",
        "ghost_limit",
    ),
    statistic="ghost_bits",
    grows="contained_kg",
    passes=[
        nation("A 1-8 sold M 1000 party=B", "B 1-8 purchased M 1000 party=A", "B 1-8 consumed M 1000"),
        nation(
            "A 1-8 sold G 1000 party=X",
            products=("G stage=magnet nd_pct=30",),
            clients=("X name=Motors country=CN id_type=USCC id_number=91110108MA01TWIN1A address=Lane",),
        ),
        nation(
            "A 1-8 sold G 1000 party=X",
            products=("G stage=magnet nd_pct=30",),
            clients=(
                "X name=Motors country=CN id_type=USCC id_number=91110108MA01TWIN1A address=Park",
                "Y name=Pumps country=CN id_type=USCC id_number=91110108MA01TWIN1B address=Park",
            ),
        ),
        nation("A 1-2 sold M 1000 party=B", "B 1-2 purchased M 1000 party=A"),
    ],
    fails=[
        nation("A 1-8 sold M 1000 party=X", clients=("X name=Nameless country=CN",)),
        nation(
            "A 1-8 sold M 1000 party=X",
            clients=("X name=Works country=CN id_type=USCC id_number=91110108MA01TWIN1A address=Lane",),
        ),
        nation("A 1-8 sold M 1000 party=B", "B 1-8 purchased M 1000 party=A"),
        nation(
            "A 1-8 sold G 1000 party=X",
            "B 1-8 sold G 1000 party=Y",
            products=("G stage=magnet nd_pct=30",),
            clients=tuple(
                f"{code} name={code} country=CN id_type=USCC id_number=91110108MA01TWIN2{code} address=Park"
                for code in "XYZ"
            ),
        ),
    ],
)
def client_only_buys(ghosts: View) -> Broken:
    return (
        (ghosts.ghost_bits >= ghosts.ghost_limit)
        & (ghosts.ghost_bits > SURE)
        & ((ghosts.contained_kg > LEAST_KG) | (ghosts.bought_cny > LEAST_CNY))
    )
