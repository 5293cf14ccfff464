from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN014",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Goods go neither to the client's nor to the end user's country"),
    message=_(
        "Line %(line_no)s: the goods go to %(destination)s; the client is in %(counterparty_country)s."
    ),
    explanation=_("Goods sent to a third country may be meant for somebody who is not named."),
    remedy=_("Name the end user and its country in your list of clients, or correct the destination."),
    legal_basis=("DUAL-USE",),
    per="line",
    needs=("kind", "destination", "counterparty_country"),
    optional_needs=("end_user_country",),
    passes=[
        filing("exported A 10 destination=DE"),
        filing(
            "exported A 10 destination=CZ",
            parties=("C1 end_user_name='Drive Works' end_user_country=CZ",),
        ),
    ],
    fails=[filing("exported A 10 destination=VN")],
)
def destination_elsewhere(lines: View) -> Broken:
    destination = lines.text("destination")
    elsewhere = ~destination.equals(lines.text("counterparty_country")) & ~destination.equals(
        lines.text("end_user_country")
    )
    return (lines.kind == KIND_CODES["exported"]) & elsewhere
