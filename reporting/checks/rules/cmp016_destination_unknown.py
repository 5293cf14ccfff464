from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing
from reporting.checks.countries import COUNTRIES


@check(
    code="CMP016",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Destination is no country code"),
    message=_("Line %(line_no)s: the destination is no two-letter code of a country."),
    explanation=_(
        "Countries are written with the two capital letters of ISO 3166-1, so that filings, licences "
        "and customs records agree."
    ),
    remedy=_("Enter the two-letter code, for example VN for Viet Nam."),
    legal_basis=("DICTIONARY", "ISO3166"),
    per="line",
    needs=(),
    optional_needs=("destination", "unread_destination"),
    passes=[filing("exported A 10 destination=VN")],
    fails=[
        filing("exported A 10 destination=XX"),
        filing("exported A 10 unread.destination=Germany"),
    ],
)
def destination_unknown(lines: View) -> Broken:
    destination = lines.text("destination")
    return lines.text("unread_destination").present | (destination.present & ~destination.isin(COUNTRIES))
