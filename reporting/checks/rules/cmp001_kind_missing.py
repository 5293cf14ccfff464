from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP001",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Kind of movement missing"),
    message=_("Line %(line_no)s does not say what happened: sold, produced, opening stock ..."),
    explanation=_(
        "Every line is one movement of one product. Without its kind it can be counted neither in nor out."
    ),
    remedy=_("Choose the kind of movement from the list."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=(),
    optional_needs=("kind", "unread_kind"),
    passes=[filing("sold A 10")],
    fails=[filing("product=A quantity=10")],
)
def kind_missing(lines: View) -> Broken:
    return (lines.kind == 0) & lines.text("unread_kind").missing
