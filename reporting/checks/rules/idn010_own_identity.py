from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN010",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("A client or supplier with your own code"),
    message=_("%(counterparty)s bears your own unified social credit code."),
    explanation=_("Nobody trades with itself. Goods moved between your own sites stay in your stock."),
    remedy=_("Correct the number; leave movements between your own sites out."),
    legal_basis=("MAGNET-2025", "GB32100"),
    per="counterparty",
    needs=("id_number", "own_number"),
    passes=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91350200612026483W",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E01",)),
    ],
)
def own_identity(parties: View) -> Broken:
    return parties.flag("own_number")
