from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

CLIENTS = ("Y name=Alder country=DE",)


@check(
    code="IDN502",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("A client that others know under another number"),
    message=_(
        "Counterparty %(counterparty)s (%(named)s) has another identity number of the same kind in the books of %(organisations)s other "
        "enterprises, at the same address."
    ),
    explanation=_(
        "One company at one address has one number of a kind. Two numbers are a slip, a branch, or two companies that share a name on purpose."
    ),
    remedy=_(
        "Compare the number with the contract or the licence of the client; correct it, or say which company it is."
    ),
    method=_(
        "Records of all enterprises with the same name, legal form aside, country and address, whose valid numbers of one kind "
        "differ. Two valid numbers are never made one party."
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
        nation("A 1-6 produced M 100", clients=CLIENTS, identities=("A Y 2 2 named=Alder elsewhere=Elder",)),
        nation(
            "A 1-6 sold M 100 party=Y value=1",
            clients=CLIENTS,
            identities=("A Y 1 2 named=Alder elsewhere=Elder",),
        ),
    ],
    fails=[
        nation(
            "A 1-6 sold M 100 party=Y value=1",
            clients=CLIENTS,
            identities=("A Y 2 2 named=Alder elsewhere=Elder",),
        ),
    ],
)
def name_with_other_numbers(identities: View) -> Broken:
    return identities.fault == 2
