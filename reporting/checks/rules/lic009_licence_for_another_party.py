from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="LIC009",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Licence for another consignee"),
    message=_(
        "Line %(line_no)s: licence %(licence_no)s names neither this client as consignee nor as end user."
    ),
    explanation=_(
        "A licence names who may receive the goods. A name that is merely written otherwise is not meant here."
    ),
    remedy=_(
        "Compare the client with the licence. If the client's name was entered wrongly, correct it in the register."
    ),
    legal_basis=("DUAL-USE", "CUSTOMS"),
    per="line",
    needs=("licence_no", "party_other"),
    passes=[
        filing("exported A 10 licence_no=L1"),
        filing("exported A 10 licence_no=L1 licence.party_other=no"),
    ],
    fails=[filing("exported A 10 licence_no=L1 licence.party_other=yes")],
)
def licence_for_another_party(lines: View) -> Broken:
    return lines.flag("party_other")
