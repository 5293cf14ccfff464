from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD003",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Export to a country that is new to you"),
    message=_("Line %(line_no)s: the first export to %(destination)s in twelve months."),
    explanation=_(
        "New markets are welcome news. They are also how goods take a detour, so that they are looked"
        " at once."
    ),
    remedy=_("Nothing needs to be done if client, end user and end use are complete."),
    legal_basis=("DUAL-USE", "MAGNET-2025"),
    per="line",
    needs=("kind", "destination", "new_destination", "past_export_months"),
    passes=[
        filing("exported A 10", history=("exported A 10",)),
        filing("exported A 10 destination=KR"),
    ],
    fails=[filing("exported A 10 destination=KR", history=("exported A 10",))],
)
def destination_new(lines: View) -> Broken:
    return lines.flag("new_destination") & (lines.past_export_months >= 6)
