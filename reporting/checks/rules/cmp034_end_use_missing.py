from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP034",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("End use of an export client missing"),
    message=_("Nothing is said about what export client %(counterparty)s uses the goods for."),
    explanation=_(
        "For goods that leave the country, the use is as important as the user: a licence is given for both."
    ),
    remedy=_("Describe the end use in your list of clients, for example traction motors for cars."),
    legal_basis=("DUAL-USE", "MAGNET-2025"),
    per="counterparty",
    needs=("exports",),
    optional_needs=("end_use",),
    passes=[
        filing("exported A 10", parties=("C1 end_use=motors",)),
        filing("sold A 10", parties=("C1 end_use=",)),
    ],
    fails=[filing("exported A 10", parties=("C1 end_use=",))],
)
def end_use_missing(parties: View) -> Broken:
    return parties.flag("exports") & parties.text("end_use").missing
