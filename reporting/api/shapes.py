"""What reporting looks like in the OpenAPI document; names, types and rules are the data dictionary's."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.core.api.schema import KILOGRAMS, MONTH, YUAN
from portal.core.models import JobState
from reporting.models import FilingStatus, FindingState, Kind
from reporting.states import ObligationState

Shape = serializers.Serializer[Any]
KINDS = [kind.code for kind in Kind]


def optional(longest: int = 0, **more: Any) -> serializers.CharField:
    """A text that may be absent or null."""
    limits: dict[str, Any] = {"max_length": longest} if longest else {}
    return serializers.CharField(required=False, allow_null=True, allow_blank=True, **limits, **more)


class LineShape(Shape):
    """One movement of one product."""

    line_no = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**31 - 1,
        help_text="stable over amendments; given if absent",
    )
    kind = serializers.ChoiceField(choices=KINDS)
    product = serializers.CharField(max_length=40, help_text="code of the product")
    quantity_kg = serializers.RegexField(KILOGRAMS, help_text="kilograms with up to 3 decimals")
    value_cny = serializers.RegexField(
        YUAN, required=False, allow_null=True, help_text="yuan without VAT, up to 2 decimals"
    )
    counterparty = optional(40, help_text="code of the client or supplier")
    destination = serializers.RegexField("^[A-Z]{2}$", required=False, allow_null=True)
    licence_no = optional(60)
    licence_line_no = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1
    )
    declaration_no = optional(60)
    invoice_no = optional(60)
    date = serializers.DateField(required=False, allow_null=True)
    batch = optional(60)
    from_batches = optional()
    note = optional()


def _lines() -> serializers.Field[Any, Any, Any, Any]:
    """Lines, as many as a filing holds."""
    options: dict[str, Any] = {"many": True, "required": False, "max_length": 50_000}
    return LineShape(**options)


class AsTypedShape(Shape):
    """A line as it stands: what could not be read is there as it was typed."""

    line_no = serializers.IntegerField()
    kind = optional()
    product = optional()
    quantity_kg = optional()
    value_cny = optional()
    counterparty = optional()
    destination = optional()
    licence_no = optional()
    licence_line_no = serializers.JSONField(help_text="a whole number, null, or what was typed")
    declaration_no = optional()
    invoice_no = optional()
    date = optional()
    batch = optional()
    from_batches = optional()
    note = optional()


class FaultShape(Shape):
    """What a check says, at its cell."""

    pointer = serializers.CharField(help_text="JSON pointer to the cell: /lines/3/quantity_kg")
    code = serializers.CharField(help_text="the check; its page is /checks/CODE/")
    message = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning", "notice"])
    line_no = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    product = serializers.CharField(allow_null=True)
    subject = serializers.CharField(help_text="with the code it names the fault when a warning is explained")
    explained = serializers.CharField(allow_null=True, help_text="the explanation kept with the filing")
    cell = serializers.CharField(required=False, help_text="of a file: C12")
    sheet = serializers.CharField(required=False, allow_blank=True)


class CountsShape(Shape):
    """How many faults there are."""

    error = serializers.IntegerField()
    warning = serializers.IntegerField()
    notice = serializers.IntegerField()
    unexplained = serializers.IntegerField()


class ReceiptShape(Shape):
    """What was submitted, when, and the digest of it."""

    number = serializers.CharField()
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")
    submitted_at = serializers.DateTimeField()
    on_time = serializers.BooleanField()
    notice = serializers.CharField(required=False, help_text="in the sandbox alone: that this is no receipt")


class FilingShape(Shape):
    """One version of the report of one month."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(help_text="unified social credit code")
    period = serializers.RegexField(MONTH)
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=FilingStatus.values)
    nil = serializers.BooleanField()
    amendment_reason = serializers.CharField(allow_blank=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="counts the changes of a draft")
    line_count = serializers.IntegerField()
    receipt = ReceiptShape(allow_null=True)


class JudgedFilingShape(FilingShape):
    """A version with what the checks say of it."""

    faults = FaultShape(many=True, help_text="at most 1,000; all are counted")
    fault_counts = CountsShape()


class WholeFilingShape(JudgedFilingShape):
    """A version with its lines and what the checks say of them."""

    lines = AsTypedShape(many=True)


class SentLinesShape(Shape):
    """A month: its lines, or that nothing moved."""

    period = serializers.RegexField(MONTH)
    lines = _lines()
    nil = serializers.BooleanField(required=False, help_text="true: nothing to report; then no lines")
    dry_run = serializers.BooleanField(required=False, help_text="true: judge, and store nothing")
    submit = serializers.BooleanField(
        required=False, help_text="with nil: sign and submit at once (a certifier's token)"
    )


class SentFileShape(Shape):
    """A month as a file."""

    period = serializers.RegexField(MONTH)
    file = serializers.FileField(help_text=".csv or .xlsx, at most 25 MB")
    dry_run = serializers.ChoiceField(choices=["true", "false"], required=False)


class LinesShape(Shape):
    """The lines that take the place of what stands there."""

    lines = _lines()
    nil = serializers.BooleanField(required=False)


class TriedLinesShape(Shape):
    """Lines to be judged and not stored; without them the filing is judged as it stands."""

    lines = _lines()


class VerdictShape(Shape):
    """What the checks say."""

    faults = FaultShape(many=True)
    fault_counts = CountsShape()


class RevisionShape(Shape):
    """Which state is meant: the revision that was read. Without it (and without If-Match) the latest."""

    revision = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class ReasonShape(Shape):
    """Why."""

    reason = serializers.RegexField(r"\S", max_length=2_000)


class ExplanationShape(Shape):
    """Why a warning is right as it stands."""

    code = serializers.CharField(max_length=6)
    subject = serializers.CharField(max_length=120)
    text = serializers.RegexField(r"\S", max_length=2_000)


class WhyNotShape(Shape):
    """Why a job failed."""

    code = serializers.CharField()
    detail = serializers.CharField()


class JobShape(Shape):
    """Long work."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=JobState.values)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    filing = serializers.URLField(allow_null=True)
    refusal = WhyNotShape(allow_null=True)


class ObligationShape(Shape):
    """One month that is owed."""

    period = serializers.RegexField(MONTH)
    due_on = serializers.DateField(help_text="rolled to a working day, before any extension")
    due_at = serializers.DateTimeField(
        help_text="24:00 Beijing time of the day that counts, extension included"
    )
    extended = serializers.BooleanField()
    rule = serializers.CharField(help_text="why then, in words")
    state = serializers.ChoiceField(choices=[state.value for state in ObligationState])
    submitted_at = serializers.DateTimeField(allow_null=True)
    nil = serializers.BooleanField()
    filing = serializers.IntegerField(allow_null=True, help_text="the version in force")
    draft = serializers.IntegerField(allow_null=True)


class AnswerShape(Shape):
    """One reply."""

    text = serializers.CharField()
    at = serializers.DateTimeField()
    from_regulator = serializers.BooleanField()


class QuestionShape(Shape):
    """What the regulator asks."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=["open", "answered", "closed"])
    period = serializers.RegexField(MONTH, allow_null=True)
    line_no = serializers.IntegerField(allow_null=True)
    finding = serializers.IntegerField(allow_null=True)
    answers = AnswerShape(many=True)


class FindingShape(Shape):
    """What was found about one's own filings, and what is asked about it."""

    id = serializers.IntegerField()
    check = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning", "notice"])
    queue = serializers.ChoiceField(choices=["block", "query"])
    period = serializers.RegexField(MONTH)
    first_period = serializers.RegexField(MONTH)
    lines = serializers.ListField(child=serializers.IntegerField())
    counterparty = serializers.CharField(allow_null=True)
    licence_no = serializers.CharField(allow_null=True)
    declaration_no = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    first_seen = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=FindingState.values)
    questions = QuestionShape(many=True)


class TextShape(Shape):
    """Words."""

    text = serializers.RegexField(r"\S", max_length=5_000)
