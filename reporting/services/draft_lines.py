"""Changing the lines of a draft: by operations of a page, or all at once by a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.words import storable
from reporting.domain.cells import ReadLines, Row
from reporting.domain.operations import OperationError, Outcome, parse_operations, perform
from reporting.models import Explanation, Filing, Line
from reporting.queries.draft_lines import blank_lines, some_rows, unread_cells
from reporting.services import intake
from reporting.services.draft_locks import (
    Saved,
    digest_of,
    hold_draft,
    mark_saved,
    repeated,
    require_revision,
)

AS_TYPED = "as_typed"  # a cell that was not understood before and has not been typed anew
REGISTERS = frozenset({"product", "counterparty"})  # what a code stands for may be known later
_REFUSALS: dict[str, Promise] = {
    "not_operations": _("The page sent something that is no change of lines. Load the page again."),
    "too_many_operations": _("Too many changes at once: at most %(limit)s. Upload a file instead."),
    "line_number_unusable": _("“%(line_no)s” is no line number."),
    "unknown_column": _("There is no column “%(column)s”."),
    "no_such_line": _("Line %(line_no)s is not there any more."),
    "line_exists": _("Line %(line_no)s is there already."),
}


@transaction.atomic
def apply_ops(
    *, by: Actor, filing_id: int, revision: int, ops: Any, client: str = "", source: str = "form"
) -> Saved:
    """The operations are done and saved, once. ``ops``: [{op: set|insert|delete, line_no, cells: {column: text}}].

    The same request again (client, revision and operations alike) changes nothing and gives the first answer. A
    revision that is not the latest raises Stale.
    """
    filing = hold_draft(by, filing_id)
    digest, client = digest_of(ops), storable(client)[:64]
    if (done := repeated(filing, client, revision, digest)) is not None:
        return done
    require_revision(filing, revision)
    try:
        operations = parse_operations(ops, most=settings.LINES_MAX)
        touched = sorted({operation.line_no for operation in operations})
        before = some_rows(filing, touched)
        outcome = perform(before, operations)
    except OperationError as error:
        raise Refused(error.code, _REFUSALS[error.code], values=error.values, status=422) from error
    _write(filing, before, outcome)
    _forget_explanations(filing, [number for number, cells in outcome.lines.items() if cells is None])
    filing.source = source
    saved = mark_saved(filing, line_nos=touched, client=client, base=revision, digest=digest)
    data = {"revision": saved.revision, "lines": len(touched)}
    record("draft.saved", by=by, subject=("filing", filing.pk), data=data)
    return saved


def _write(filing: Filing, before: Mapping[int, Mapping[str, str]], outcome: Outcome) -> None:
    """Put the touched lines in place of what they were."""
    rows = [(number, cells) for number, cells in sorted(outcome.lines.items()) if cells is not None]
    count = filing.line_count - len(before) + len(rows)
    if count > settings.LINES_MAX:
        values = {"limit": settings.LINES_MAX}
        raise Refused(
            "too_many_lines", _("A filing holds at most %(limit)s lines."), values=values, status=422
        )
    doubted = _still_doubted(filing, before, outcome)
    intake.take_out(filing, sorted(before))
    intake.add(filing, intake.read(filing, rows, doubted))
    filing.line_count = count


def _still_doubted(filing: Filing, before: Mapping[int, Any], outcome: Outcome) -> dict[tuple[int, str], str]:
    """Cells not understood before and not typed anew stay as they are; codes of the registers get another chance."""
    if not before:
        return {}
    return {
        (number, column): AS_TYPED
        for number, kept in unread_cells(filing).items()
        if number in before
        for column in kept
        if column not in REGISTERS and (number, column) not in outcome.typed
    }


def _forget_explanations(filing: Filing, gone: Sequence[int]) -> None:
    """A number given anew is another line: what was said of the old one does not hold for it."""
    explained = Explanation.objects.filter(filing=filing, subject__startswith="line:")
    subjects = {f"line:{number}" for number in gone}
    stale = [
        pk for pk, subject in explained.values_list("pk", "subject") if subject.partition("~")[0] in subjects
    ]
    if stale:
        Explanation.objects.filter(pk__in=stale).delete()


@transaction.atomic
def replace_lines(
    *,
    by: Actor,
    filing_id: int,
    revision: int | None,
    rows: Sequence[Row],
    source: str,
    doubted: Mapping[tuple[int, str], str] | None = None,
) -> tuple[Saved, ReadLines]:
    """The draft holds exactly these lines. ``revision`` None replaces whatever stands there.

    Explanations stay with lines that are still of the same kind, product and party.
    """
    filing = hold_draft(by, filing_id)
    if revision is not None:
        require_revision(filing, revision)
    if len(rows) > settings.LINES_MAX:
        values = {"limit": settings.LINES_MAX}
        raise Refused(
            "too_many_lines", _("A filing holds at most %(limit)s lines."), values=values, status=422
        )
    lines = intake.read(filing, rows, doubted)
    _forget_explanations(filing, _other_lines(filing, lines))
    Line.objects.filter(filing=filing).delete()
    intake.add(filing, lines)
    filing.line_count = len(lines)
    filing.source = source
    saved = mark_saved(filing, line_nos=None)
    data = {"revision": saved.revision, "lines": len(lines), "source": source}
    record("draft.replaced", by=by, subject=("filing", filing.pk), data=data)
    return saved, lines


def _other_lines(filing: Filing, lines: ReadLines) -> list[int]:
    """Explained lines that are gone or about something else now."""
    explained = Explanation.objects.filter(filing=filing, subject__startswith="line:").values_list(
        "subject", flat=True
    )
    numbers = {int(subject.partition("~")[0].removeprefix("line:") or 0) for subject in explained}
    if not numbers:
        return []
    about = ("kind", "product_id", "counterparty_id")
    stored = Line.objects.filter(filing=filing, line_no__in=numbers).values_list("line_no", *about)
    before = {number: told for number, *told in stored}
    after = {
        number: [lines.values[name][at] for name in about]
        for at, number in enumerate(lines.line_nos)
        if number in numbers
    }
    return [number for number in numbers if number not in before or before[number] != after.get(number)]


def remove_blank(*, by: Actor, filing_id: int, revision: int) -> Saved:
    """Lines that were offered and not filled in are gone."""
    with transaction.atomic():
        filing = hold_draft(by, filing_id)
        ops = [{"op": "delete", "line_no": number} for number in blank_lines(filing)]
        return apply_ops(by=by, filing_id=filing_id, revision=revision, ops=ops)


def reread(*, by: Actor, filing_id: int) -> int:
    """Codes typed before their product or counterparty was in the register are read again; how many now can be."""
    with transaction.atomic():
        filing = hold_draft(by, filing_id)
        kept = unread_cells(filing)
        numbers = [number for number, cells in kept.items() if REGISTERS & set(cells)]
        if not numbers:
            return 0
        rows = [
            (number, {name: text for name, text in kept[number].items() if name in REGISTERS})
            for number in numbers
        ]
        still = intake.read(filing, rows).reasons
        ops = [
            {"op": "set", "line_no": number, "cells": ready}
            for number, cells in rows
            if (ready := {name: text for name, text in cells.items() if (number, name) not in still})
        ]
        if ops:
            apply_ops(by=by, filing_id=filing_id, revision=filing.revision, ops=ops)
        return sum(len(op["cells"]) for op in ops if isinstance(op["cells"], dict))
