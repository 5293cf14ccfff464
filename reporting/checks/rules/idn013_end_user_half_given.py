from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN013",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("End user without country, or country without end user"),
    message=_("%(counterparty)s: the end user's name or country is missing."),
    explanation=_(
        "Where the client is not the end user, both the name and the country of the end user count."
    ),
    remedy=_("Enter both, or leave both empty if the client uses the goods itself."),
    legal_basis=("DUAL-USE",),
    per="counterparty",
    needs=(),
    optional_needs=("end_user_name", "end_user_country"),
    passes=[
        filing("exported A 10", parties=("C1 end_user_name='Drive Works' end_user_country=CZ",)),
        filing("sold A 10", parties=("C1 end_user_name= end_user_country=",)),
    ],
    fails=[filing("exported A 10", parties=("C1 end_user_name='Drive Works'",))],
)
def end_user_half_given(parties: View) -> Broken:
    return parties.text("end_user_name").missing != parties.text("end_user_country").missing
