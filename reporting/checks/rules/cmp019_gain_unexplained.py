from reporting.checks.columns import KIND_CODES
from reporting.checks.core import Broken, Queue, Severity, View, _, check, filing


@check(
    code="CMP019",
    severity=Severity.ERROR,
    queue=Queue.BLOCK,
    title=_("Goods found at a count, without a note"),
    message=_("Line %(line_no)s: goods were found at a count, and the note does not say how."),
    explanation=_(
        "Goods that turn up at a count have come from somewhere. The note says what was found and why"
        " the books had less."
    ),
    remedy=_("Say in the note what was counted and why the books differed."),
    legal_basis=("DICTIONARY", "RE-REG-14"),
    per="line",
    needs=("kind",),
    optional_needs=("note",),
    passes=[filing("gained A 2 note='recount of store 3'")],
    fails=[filing("gained A 2")],
)
def gain_unexplained(lines: View) -> Broken:
    return (lines.kind == KIND_CODES["gained"]) & lines.text("note").missing
