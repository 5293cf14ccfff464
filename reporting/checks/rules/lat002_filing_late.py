from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.examples import obligation


@check(
    code="LAT002",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Filed after the deadline"),
    message=_("The filing for %(period)s was due by %(due)s and was submitted at %(submitted)s."),
    explanation=_(
        "On time is judged by the first version that was not withdrawn. Later amendments change "
        "nothing in it."
    ),
    remedy=_(
        "Nothing can be mended in this month; file the next one in time. If the system was at fault, tell us."
    ),
    legal_basis=("INTERIM-71",),
    per="obligation",
    needs=("due", "submitted"),
    passes=[
        obligation(
            due="2026-06-11T00:00:00+08:00",
            submitted="2026-06-11T00:00:00+08:00",
            as_of="2026-06-12T00:00:00+08:00",
        ),
    ],
    fails=[
        obligation(
            due="2026-06-11T00:00:00+08:00",
            submitted="2026-06-11T00:00:01+08:00",
            as_of="2026-06-12T00:00:00+08:00",
        ),
    ],
)
def filing_late(obligations: View) -> Broken:
    return obligations.submitted > obligations.due
