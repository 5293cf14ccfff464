from reporting.checks.columns import NA
from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.examples import obligation


@check(
    code="LAT001",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Nothing filed and the deadline is past"),
    message=_("The filing for %(period)s was due by %(due)s and has not been submitted."),
    explanation=_(
        "Each month is reported by the 10th of the next, 24:00 Beijing time, or the next working day;"
        " extensions and outages are taken off."
    ),
    remedy=_(
        "File the month now, as a nil return if nothing moved. If something kept you from filing, ask"
        " for an extension and say what."
    ),
    legal_basis=("INTERIM-71",),
    per="obligation",
    needs=("due", "as_of"),
    optional_needs=("submitted",),
    passes=[
        obligation(due="2026-06-11T00:00:00+08:00", as_of="2026-06-10T23:59:59+08:00"),
        obligation(
            due="2026-06-11T00:00:00+08:00",
            submitted="2026-06-20T09:00:00+08:00",
            as_of="2026-06-21T00:00:00+08:00",
        ),
    ],
    fails=[
        obligation(due="2026-06-11T00:00:00+08:00", as_of="2026-06-11T00:00:00+08:00"),
        obligation(due="2026-06-11T00:00:00+08:00", as_of="2026-06-12T00:00:00+08:00"),
    ],
)
def filing_missing(obligations: View) -> Broken:
    return (obligations.submitted == NA) & (obligations.due <= obligations.as_of)
