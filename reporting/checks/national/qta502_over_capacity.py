from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="QTA502",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("More made than the capacity declared"),
    message=_(
        "%(year)s: up to %(period)s %(made_kg)s kg of %(stage)s were made; the capacity declared is %(capacity_kg)s kg a year."
    ),
    explanation=_(
        "Output beyond capacity is growth that was not declared, a slip of units, or another's goods under one's own name."
    ),
    remedy=_("Correct the output, or declare the capacity as it is now."),
    method=_(
        "The stage of which most was made in the calendar year, scrap left out, against the capacity declared. Exact."
    ),
    legal_basis=("INTERIM-71", "RE-REG-14"),
    per="output",
    needs=("year", "stage", "made_g", "capacity_g"),
    passes=[nation("A 1-12 consumed L 1000", "A 1-12 produced M 2400", capacities={"A": 28_800})],
    fails=[nation("A 1-12 consumed L 1000", "A 1-12 produced M 2400", capacities={"A": 28_799})],
)
def over_capacity(outputs: View) -> Broken:
    return outputs.made_g > outputs.capacity_g
