from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

CLIENTS = ("Y name=Alder country=DE",)


@check(
    code="IDN501",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("A number that others know under another name"),
    message=_(
        "The number of counterparty %(counterparty)s (%(named)s) stands under another name in the books of %(organisations)s other "
        "enterprises."
    ),
    explanation=_(
        "A number has one holder. A slip of the pen, a company that changed its name, and a borrowed number look alike from here."
    ),
    remedy=_(
        "Compare the number with the contract or the licence of the client; correct the number or the name."
    ),
    method=_(
        "Records of all enterprises with the same valid number; told of those whose brand differs from the one that most of them "
        "give, in the same script."
    ),
    legal_basis=("DUAL-USE", "MAGNET-2025"),
    per="identity",
    nightly=True,
    needs=(
        "counterparty",
        "fault",
        "named",
        "names_elsewhere",
        "organisations",
        "records",
        "contained_kg",
        "traded_cny",
    ),
    passes=[
        nation("A 1-6 sold M 100 party=Y value=1", clients=CLIENTS),
        nation("A 1-6 produced M 100", clients=CLIENTS, identities=("A Y 1 2 named=Alder elsewhere=Elder",)),
        nation(
            "A 1-6 sold M 100 party=Y value=1",
            clients=CLIENTS,
            identities=("A Y 2 2 named=Alder elsewhere=Elder",),
        ),
    ],
    fails=[
        nation(
            "A 1-6 sold M 100 party=Y value=1",
            clients=CLIENTS,
            identities=("A Y 1 2 named=Alder elsewhere=Elder",),
        ),
    ],
)
def number_under_other_names(identities: View) -> Broken:
    return identities.fault == 1
