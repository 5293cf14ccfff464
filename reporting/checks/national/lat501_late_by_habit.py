from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="LAT501",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("Late by habit"),
    message=_(
        "Of %(due_count)s filings due in the twelve months to %(period)s, %(late_count)s came late and %(missing_count)s are missing."
    ),
    explanation=_(
        "One late filing is a slip. A third of a year's filings says that filing is not organised, or that figures are awaited."
    ),
    remedy=_("File in time; if the day is hard to keep, ask for an extension beforehand."),
    method=_(
        "Filings due in the last twelve months, extensions counted in; told from four late or missing ones. Exact."
    ),
    legal_basis=("INTERIM-71",),
    per="habit",
    needs=("late_count", "missing_count", "due_count"),
    passes=[nation("A 1 produced M 1", duties=("A 1-9 on_time", "A 10-12 late"))],
    fails=[nation("A 1 produced M 1", duties=("A 1-8 on_time", "A 9-10 late", "A 11-12 missing"))],
)
def late_by_habit(habits: View) -> Broken:
    return (habits.late_count + habits.missing_count >= 4) & (habits.due_count >= 6)
