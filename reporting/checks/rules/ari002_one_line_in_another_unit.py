import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="ARI002",
    severity=Severity.NOTICE,
    queue=Queue.QUERY,
    title=_("One line seems to be in another unit"),
    message=_(
        "Line %(line_no)s (%(kind)s, %(quantity_kg)s kg): multiplied by %(closing_factor_times)s, the"
        " product would balance."
    ),
    explanation=_(
        "The product does not balance, and one line alone explains it if it was written in tonnes, "
        "grams, pounds or jin, or as oxide instead of metal."
    ),
    remedy=_("Check the unit of this line. Quantities are kilograms of the product as it is."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind", "closing_factor_times", "quantity_g"),
    optional_needs=("oxide_fraction",),
    passes=[
        filing("opening A 10", "sold A 4", "closing A 6"),
        filing("opening A 10", "sold A 4", "closing A 9"),
    ],
    fails=[
        filing("opening A 5000", "sold A 5", "closing A 0"),
        filing("purchased A 2204.6", "closing A 1000.0"),
    ],
)
def one_line_in_another_unit(lines: View) -> Broken:
    oxide = lines.oxide_fraction
    units = (1000.0, 0.001, 2.20462, 0.453592, 2.0, 0.5, oxide, 1 / oxide)
    return np.any([np.abs(lines.closing_factor_times / unit - 1) < 0.003 for unit in units], axis=0)
