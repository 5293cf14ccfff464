from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="CUS503",
    severity=Severity.WARNING,
    queue=Queue.BLOCK,
    title=_("Filed otherwise than declared to customs"),
    message=_(
        "Declaration %(declaration_no)s, filed for %(period)s: %(filed_kg)s kg and %(filed_cny)s CNY to %(filed_destination)s "
        "filed, %(declared_kg)s kg and %(declared_cny)s CNY to %(declared_destination)s declared."
    ),
    explanation=_(
        "Quantity, value and destination of an export are those of its declaration; several lines may share one."
    ),
    remedy=_("Correct the line, or have the declaration corrected."),
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
            "A 1-2 produced M 10",
            "A 2 exported M 60 value=18000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 DE day=25",),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 60 18000 DE", "D2 3 A 40 12000 DE"),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 60 value=18000 declaration_no=D1 destination=DE",
            "A 3 exported M 40 value=12000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 70 21000 DE", "D1 2 A 30 9000 DE item_no=2"),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 10010 value=3003000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 10000 3000000 DE",),
        ),
    ],
    fails=[
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 60 value=18000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 DE day=25",),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 102 30000 DE",),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30031 DE",),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 100 30000 US",),
        ),
        nation(
            "A 1-4 produced M 10",
            "A 2 exported M 100 value=30000 declaration_no=D1 destination=DE",
            declarations=("D1 2 A 60 18000 DE", "D1 2 A 40 12000 US item_no=2"),
        ),
    ],
)
def declaration_differs(declarations: View) -> Broken:
    return declarations.fault == 3
