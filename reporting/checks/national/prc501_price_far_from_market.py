from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 4
LEAST_CNY = 100_000
LEAST_SHARE = 0.05
OTHERS = (
    "B 1-8 sold M 1000 party=X value=90000",
    "C 1-8 sold M 1000 party=X value=91000",
    "D 1-8 sold M 1000 party=X value=89000",
    "E 1-8 sold M 1000 party=X value=90500",
    "F 1-8 sold M 1000 party=X value=89500",
)
CLIENTS = (
    "X name=Motors country=CN id_type=USCC id_number=91110108MA01TWIN1A address=Lane",
    "Y name=Nameless country=CN",
)


@check(
    code="PRC501",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("Prices far from the market and from one's own"),
    message=_(
        "From %(first_period)s to %(period)s a kilogram of rare earth contained was traded at %(price_cny_kg)s CNY where "
        "the market was at %(market_cny_kg)s CNY: %(off_pct)s per cent off, where a spread of %(spread_pct)s per cent is usual. Over "
        "%(contained_kg)s kg that is %(missing_cny)s CNY."
    ),
    explanation=_(
        "Goods of one class cost about the same for everybody. A price far below, and to one client alone, hides part of "
        "what was paid or the goods are others than stated; far above, money is moved. It weighs more where nobody could "
        "find the client by what is told of it."
    ),
    remedy=_(
        "An amendment with the true value or the true product clears it, or a contract that explains the price: "
        "the month it was agreed in, a fee worked off, goods of lower quality."
    ),
    method=_(
        "Logarithm of the price a kilogram contained, elements weighed by the oxides' prices, by stage, family, grade, main element, heavy share and market. The "
        "market is the median of at least five enterprises' prices of the month and of the three before; fewer, the "
        "reference band. A pair counts for what is off beyond the enterprise's other partners, and the enterprise's mean "
        "counts by itself. Told above the limit from clean nations, over two months or a million CNY."
    ),
    legal_basis=("RE-REG-14", "VAT-RE"),
    per="price",
    needs=(
        "price_cny_kg",
        "market_cny_kg",
        "off_pct",
        "spread_pct",
        "price_sure",
        "price_limit",
        "months",
        "contained_kg",
        "missing_cny",
        "opaque",
        "stage",
    ),
    optional_needs=("own_cny_kg",),
    statistic="price_sure",
    grows="missing_cny",
    passes=[
        nation(*OTHERS, "A 1-8 sold M 1000 party=X value=85000", clients=CLIENTS),
        nation(
            *OTHERS,
            "A 1 sold M 1000 party=X value=60000",
            "A 2-8 sold M 1000 party=X value=90000",
            clients=CLIENTS,
        ),
        nation(
            "A 1-8 sold M 1000 party=X value=40000", "B 1-8 sold M 1000 party=X value=90000", clients=CLIENTS
        ),
        nation(
            *(row.replace(" 1-8 ", " 1-3 ") for row in OTHERS),
            *(row.replace(" 1-8 ", " 4-8 ").replace("value=", "value=1") for row in OTHERS),
            "A 1-6 sold M 1000 party=X value=90000",
            clients=CLIENTS,
        ),
    ],
    fails=[
        nation(*OTHERS, "A 1-8 sold M 1000 party=X value=60000", clients=CLIENTS),
        nation(
            *OTHERS,
            "A 1-8 sold M 1000 party=Y value=70000",
            "A 1-8 sold M 1000 party=X value=90000",
            clients=CLIENTS,
        ),
        nation(*OTHERS, "A 1-8 sold M 1000 party=Y value=130000", clients=CLIENTS),
        nation(
            "A 1-8 exported M 1000 party=Y value=40000 destination=DE",
            clients=CLIENTS,
            prices=("1-8 alloy nd 80 100 market=export",),
        ),
    ],
)
def price_far_from_market(prices: View) -> Broken:
    return (
        (prices.price_sure >= prices.price_limit)
        & (prices.price_sure > SURE)
        & (abs(prices.off_pct) > 100 * LEAST_SHARE)
        & (prices.missing_cny > LEAST_CNY)
        & ((prices.months > 1) | (prices.missing_cny > 10 * LEAST_CNY))
    )
