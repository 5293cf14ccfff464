from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="YLD005",
    severity=Severity.WARNING,
    queue=Queue.QUERY,
    title=_("A large loss"),
    message=_("%(product)s: %(lost_kg)s kg were lost, of %(throughput_kg)s kg that were there."),
    explanation=_(
        "A loss is goods that nobody will see again. More than five per cent of what was there asks "
        "for a reason."
    ),
    remedy=_(
        "Say what happened: fire, theft, a spoilt batch. Waste that is worked again is scrap, not loss."
    ),
    legal_basis=("RE-REG-14", "MIIT-2016"),
    per="product",
    needs=("lost_g", "throughput_g"),
    passes=[filing("opening A 5000", "lost A 100", "closing A 4900")],
    fails=[filing("opening A 5000", "lost A 600", "closing A 4400")],
)
def loss_large(products: View) -> Broken:
    return (products.lost_g > 50_000) & (products.lost_g > 0.05 * products.throughput_g)
