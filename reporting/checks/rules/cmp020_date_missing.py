import numpy as np

from reporting.checks.columns import NA, PARTY_KINDS
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP020",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Date missing"),
    message=_("Line %(line_no)s (%(kind)s) has no date."),
    explanation=_(
        "Goods that change hands have a day. It is compared with the other party's filing, the "
        "invoice and the customs record."
    ),
    remedy=_("Enter the day of the transaction."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind",),
    optional_needs=("date", "unread_date"),
    passes=[
        filing("sold A 10 date=2026-05-03"),
        filing("consumed A 10"),
    ],
    fails=[filing("sold A 10 date=")],
)
def date_missing(lines: View) -> Broken:
    return np.isin(lines.kind, PARTY_KINDS) & (lines.date == NA) & lines.text("unread_date").missing
