from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="CUS502",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("A filed export that customs does not know"),
    message=_(
        "Declaration %(declaration_no)s, filed for %(period)s with %(filed_kg)s kg to %(filed_destination)s, "
        "is not among the customs records."
    ),
    explanation=_(
        "Customs has records of this exporter for these months, and none with this number that stands. A slip of a digit looks the same as an export that never was."
    ),
    remedy=_("Correct the number, or say what stands behind the line."),
    method=_(
        "Declaration by declaration, by its number; quantities and values within 0.1 per cent, at least 1 kg and 1 CNY. Judged once every month up to 45 days after the last day of either side is filed. What one side has too much under a number that both have may be made up of numbers that the other alone has, of the same quantity, value and country within 45 days: a shipment in parts. What customs took back does not count."
    ),
    legal_basis=("CUSTOMS", "RE-REG-14"),
    per="declaration",
    needs=(
        "fault",
        "declaration_no",
        "filed_g",
        "declared_g",
        "filed_fen",
        "declared_fen",
        "filed_destination",
        "declared_destination",
    ),
    passes=[
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D2 3 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D2 2 B 100 30000 DE",),
        ),
        nation(
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D2 2 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 60 value=18000 declaration_no=D1 destination=DE",
            "A 2 exported M 40 value=12000 declaration_no=D2 destination=DE",
            declarations=("D1 2 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 imported M 100 value=30000 declaration_no=D1",
            declarations=("D2 2 A 100 30000 DE",),
        ),
    ],
    fails=[
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 60 value=18000 declaration_no=D1 destination=DE",
            "A 2 exported M 30 value=9000 declaration_no=D2 destination=DE",
            declarations=("D1 2 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 DE status=reversed",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D2 2 A 100 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D2 1 A 100 30000 DE", "D3 4 A 100 30000 DE"),
        ),
    ],
)
def declaration_unknown(declarations: View) -> Broken:
    return declarations.fault == 2
