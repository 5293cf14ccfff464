from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="CUS501",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("A customs record that no filing names"),
    message=_(
        "Declaration %(declaration_no)s of %(period)s over %(declared_kg)s kg and %(declared_cny)s CNY to "
        "%(declared_destination)s is in no filing."
    ),
    explanation=_("Customs has this export, and no filing up to 45 days after it names it."),
    remedy=_("Enter the export, or put the number of the declaration to the line that is there."),
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
            "A 3 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 DE",),
        ),
        nation("A 1-4 produced M 100", declarations=("D1 4 A 100 30000 DE",)),
        nation("A 1-4 produced M 100", declarations=("D1 3 A 100 30000 DE day=20",)),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 60 18000 DE", "D2 3 A 40 12000 DE"),
        ),
        nation("A 1-4 produced M 100", declarations=("D1 2 B 100 30000 DE",)),
        nation("A 1-4 produced M 100", declarations=("D1 2 A 100 30000 DE status=reversed",)),
    ],
    fails=[
        nation("A 1-4 produced M 100", declarations=("D1 2 A 100 30000 DE",)),
        nation(
            "A 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 60 18000 DE", "D2 2 A 50 15000 DE"),
        ),
        nation(
            "A 1-4 produced M 100",
            "B 1-4 produced M 100",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 B 100 30000 DE",),
        ),
    ],
)
def declaration_not_filed(declarations: View) -> Broken:
    return declarations.fault == 1
