from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP014",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Client or supplier not in your list"),
    message=_(
        "Line %(line_no)s: there is no “%(unread_counterparty)s” in your list of clients and suppliers."
    ),
    explanation=_(
        "Clients and suppliers are known by the code that your organisation gave them. Their identity"
        " comes from the list."
    ),
    remedy=_("Correct the code, or add the client or supplier first."),
    legal_basis=("DICTIONARY", "MAGNET-2025"),
    per="line",
    needs=("unread_counterparty",),
    passes=[filing("sold A 10")],
    fails=[filing("sold A 10 unread.counterparty=C-77")],
)
def counterparty_unknown(lines: View) -> Broken:
    return lines.text("unread_counterparty").present
