from reporting.checks.core import Broken, Queue, Severity, View, _, check
from reporting.checks.nation.examples import nation


@check(
    code="QTA503",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("At this pace the quota will be passed"),
    message=_(
        "%(year)s: %(made_kg)s kg of rare earth oxide up to %(period)s come to %(projected_kg)s kg a year; the quota is "
        "%(quota_kg)s kg."
    ),
    explanation=_(
        "Half of the year or more is over, and what was made so far goes beyond the quota if it goes on."
    ),
    remedy=_("Nothing needs to be mended; plan the rest of the year."),
    method=_(
        "Output so far, divided by the months gone, times twelve; told above the quota by more than five per cent."
    ),
    legal_basis=("INTERIM-71",),
    per="quota",
    needs=("year", "stage", "made_kg", "quota_g", "over_kg", "projected_kg", "months"),
    grows="projected_kg",
    passes=[
        nation(
            "A 1-8 produced K 1000",
            products=("K stage=concentrate nd_pct=40",),
            quotas=("A 2025 concentrate 5600",),
        )
    ],
    fails=[
        nation(
            "A 1-8 produced K 1000",
            products=("K stage=concentrate nd_pct=40",),
            quotas=("A 2025 concentrate 5000",),
        )
    ],
)
def quota_soon_used_up(quotas: View) -> Broken:
    return (
        (quotas.over_kg <= 0)
        & (quotas.months >= 6)
        & (quotas.months < 12)
        & (1000 * quotas.projected_kg > 1.05 * quotas.quota_g)
    )
