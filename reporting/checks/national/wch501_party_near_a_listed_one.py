from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation

LIKELY = 50
CLIENTS = ("Y name=Alder country=DE",)


@check(
    code="WCH501",
    severity=Severity.WARNING,
    queue=Queue.CASE,
    title=_("A client or end user that looks like a listed party"),
    message=_(
        "%(named)s, traded with from %(first_period)s to %(period)s over %(contained_kg)s kg of rare earth and %(traded_cny)s CNY, looks like "
        "%(listed_name)s (%(entry)s): likeness %(likeness)s of 100."
    ),
    explanation=_(
        "Goods for a listed party need a licence that may not be given, and names are written in many ways. A likeness is "
        "a reason to look, not to accuse: companies share names."
    ),
    remedy=_(
        "An identity number that shows another party clears it, or papers of who the client and the end user are."
    ),
    method=_(
        "The register's matching of names by place, brand, trade and legal form, in Chinese and Latin script, with weights "
        "of evidence in bits; the same number is certain. Clients and end users of all enterprises are held against the "
        "entries in force. Told from even odds on."
    ),
    legal_basis=("DUAL-USE",),
    per="listed",
    nightly=True,
    needs=(
        "named",
        "entry",
        "listed_name",
        "effect",
        "role",
        "likeness",
        "same_number",
        "contained_kg",
        "traded_cny",
    ),
    optional_needs=("brand_bits", "place_bits", "industry_bits", "country_bits"),
    grows="contained_kg",
    passes=[
        nation(
            "A 1-6 exported M 100 party=Y value=1 destination=DE",
            clients=CLIENTS,
            likenesses=("A Y L1 30 named=Alder listed_name=Elder",),
        ),
        nation(
            "A 1-6 produced M 100", clients=CLIENTS, likenesses=("A Y L1 99 named=Alder listed_name=Alder",)
        ),
    ],
    fails=[
        nation(
            "A 1-6 exported M 100 party=Y value=1 destination=DE",
            clients=CLIENTS,
            likenesses=("A Y L1 80 named=Alder listed_name=Alder",),
        ),
        nation(
            "A 1-6 exported M 100 party=Y value=1 destination=DE",
            clients=CLIENTS,
            likenesses=("A Y L1 100 named=Alder listed_name=Elder same_number=yes role=end_user",),
        ),
    ],
)
def party_near_a_listed_one(listed: View) -> Broken:
    return listed.likeness >= LIKELY
