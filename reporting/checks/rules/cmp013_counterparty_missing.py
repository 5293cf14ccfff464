import numpy as np

from reporting.checks.columns import NA, PARTY_KINDS
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP013",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Client or supplier missing"),
    message=_("Line %(line_no)s (%(kind)s) names no client or supplier."),
    explanation=_(
        "Goods that change hands are followed from hand to hand. The other party is the link, and its"
        " own filing must show the same goods."
    ),
    remedy=_("Enter the code of the client or supplier."),
    legal_basis=("DICTIONARY", "MAGNET-2025"),
    per="line",
    needs=("kind",),
    optional_needs=("counterparty_id", "unread_counterparty"),
    passes=[
        filing("sold A 10 counterparty=C1"),
        filing("consumed A 10"),
    ],
    fails=[filing("sold A 10 counterparty=")],
)
def counterparty_missing(lines: View) -> Broken:
    return (
        np.isin(lines.kind, PARTY_KINDS)
        & (lines.counterparty_id == NA)
        & lines.text("unread_counterparty").missing
    )
