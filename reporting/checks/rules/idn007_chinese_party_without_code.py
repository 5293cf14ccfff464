from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="IDN007",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Chinese party without a social credit code"),
    message=_("%(counterparty)s is in China and has no unified social credit code here."),
    explanation=_("Every enterprise in China has one. It is what joins your filing to theirs."),
    remedy=_("Enter the code as on the party's business licence or invoices."),
    legal_basis=("GB32100", "MAGNET-2025"),
    per="counterparty",
    needs=("country",),
    optional_needs=("id_type", "id_number"),
    passes=[
        filing("sold A 10", parties=("C1 country=CN id_type=USCC id_number=91330201MADFQE5E01",)),
        filing("sold A 10", parties=("C1 country=DE id_type= id_number=",)),
    ],
    fails=[
        filing("sold A 10", parties=("C1 country=CN id_type= id_number=",)),
        filing("sold A 10", parties=("C1 country=CN id_type=VAT id_number=123456",)),
    ],
)
def chinese_party_without_code(parties: View) -> Broken:
    without = ~parties.text("id_type").isin(["USCC"]) | parties.text("id_number").missing
    return parties.text("country").isin(["CN"]) & without
