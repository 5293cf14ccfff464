from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

SURE = 8
LEAST_KG = 100
LEAST_CNY = 100_000


@check(
    code="NET502",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("An enterprise that goods only pass through"),
    message=_(
        "From %(first_period)s to %(period)s %(into_kg)s kg of %(stage)s came, %(supplier_pct)s per cent of one supplier, and %(gone_kg)s kg "
        "went, %(client_pct)s per cent to one client; %(matched_pct)s per cent of it whole within the month or the next, at a margin of "
        "%(margin_pct)s per cent."
    ),
    explanation=_(
        "A trader has several suppliers and clients, a stock, and lives on a margin. Who passes everything on, at once and "
        "at cost, adds a name to the papers and nothing to the goods."
    ),
    remedy=_(
        "Papers of what it does for its money clear it: storage, financing, a commission agreed in writing."
    ),
    method=_(
        "Enterprises that buy and sell goods of one stage and main element and do not work them. Nine tenths from one supplier "
        "and to one client, seven tenths of the quantity matched month by month within four per cent, a margin below three "
        "per cent, three months at least. Each month speaks by how closely it matches, in bits. The limit comes from clean "
        "nations."
    ),
    legal_basis=("RE-REG-14", "VAT-RE"),
    per="shell",
    needs=(
        "stage",
        "into_kg",
        "gone_kg",
        "contained_kg",
        "margin_pct",
        "matched_pct",
        "supplier_pct",
        "client_pct",
        "months",
        "passed_cny",
        "shell_bits",
        "shell_limit",
    ),
    statistic="shell_bits",
    grows="gone_kg",
    passes=[
        nation(
            "B 1-8 purchased M 1000 party=A value=90000",
            "B 1-8 sold M 500 party=C value=47000",
            "B 1-8 sold M 500 party=D value=47000",
        ),
        nation("B 1-8 purchased M 1000 party=A value=90000", "B 1-8 sold M 1000 party=C value=96000"),
        nation("B 1 purchased M 8000 party=A value=720000", "B 1-8 sold M 1000 party=C value=90000"),
        nation(
            "B 1-8 purchased M 1000 party=A value=90000",
            "B 1-8 consumed M 1000",
            "B 1-8 sold M 1000 party=C value=90000",
        ),
    ],
    fails=[
        nation("B 1-8 purchased M 1000 party=A value=90000", "B 1-8 sold M 1000 party=C value=90500"),
        nation("B 1-8 purchased M 1000 party=A value=90000", "B 2-9 sold M 990 party=C value=89500"),
    ],
)
def goods_only_pass_through(shells: View) -> Broken:
    return (
        (shells.shell_bits >= shells.shell_limit)
        & (shells.shell_bits > SURE)
        & (shells.months >= 3)
        & (shells.matched_pct >= 70)
        & (shells.supplier_pct >= 90)
        & (shells.client_pct >= 90)
        & (shells.margin_pct < 3)
        & ((shells.contained_kg > LEAST_KG) | (shells.passed_cny > LEAST_CNY))
    )
