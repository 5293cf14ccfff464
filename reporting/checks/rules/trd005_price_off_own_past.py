import numpy as np

from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="TRD005",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("Price far from your own usual"),
    message=_(
        "Line %(line_no)s (%(kind)s): %(price_cny_kg)s CNY a kilogram; your own usual for this "
        "product is %(usual_price_cny_kg)s CNY."
    ),
    explanation=_(
        "More than twice your own median of twelve months, or less than half of it, and well outside "
        "what those months saw."
    ),
    remedy=_("Check quantity and value; if they are right, say what the price rests on."),
    legal_basis=("RE-REG-14", "VAT-RE"),
    per="line",
    needs=("kind", "quantity_g", "price_cny_kg", "usual_price_cny_kg", "price_spread_times"),
    passes=[filing("sold A 100 value=31000", history=("sold A 100 value=30000",))],
    fails=[filing("sold A 100 value=9000", history=("sold A 100 value=30000",))],
)
def price_off_own_past(lines: View) -> Broken:
    ratio = np.maximum(
        lines.price_cny_kg / lines.usual_price_cny_kg, lines.usual_price_cny_kg / lines.price_cny_kg
    )
    money = np.abs(lines.price_cny_kg - lines.usual_price_cny_kg) * lines.quantity_g / 1000
    return (ratio > np.maximum(2, 1.5 * lines.price_spread_times)) & (money > 10_000)
