"""Rows of a draft of the list: added, changed, taken out, and all entries at once from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from licensing.domain.classification import reference_codes
from licensing.models import Entry, ListVersion, ReferenceCode
from licensing.services.list_versions import locked_draft, need
from portal.audit.services import record
from portal.core.actors import Actor
from portal.core.errors import Refused

_TWICE = _("The draft holds such a row already.")


def save(
    *,
    by: Actor,
    version_id: int,
    row: models.Model,
    fields: Mapping[str, Any],
    reference_hs: str | None = None,
) -> models.Model:
    """The draft holds the row with these fields. Refused: a row that stands there already."""
    need(by)
    try:
        with transaction.atomic():
            draft = locked_draft(version_id)
            added = row.pk is None
            before = {} if added else {name: _plain(getattr(row, name)) for name in fields}
            for name, value in fields.items():
                setattr(row, name, value)
            row.version = draft  # type: ignore[attr-defined]
            row.save()
            if isinstance(row, Entry) and reference_hs is not None:
                _set_codes(draft, row, reference_hs)
            after = {name: _plain(value) for name, value in fields.items()}
            changed = {name: value for name, value in after.items() if before.get(name) != value}
            data = {"table": type(row).__name__.lower(), "row": str(row), "after": changed}
            verb = "list.row_added" if added else "list.row_changed"
            record(verb, by=by, subject=("list_version", draft.pk), data=data)
    except IntegrityError as error:
        raise Refused("row_twice", _TWICE, status=422) from error
    return row


def _set_codes(draft: ListVersion, entry: Entry, text: str) -> None:
    ReferenceCode.objects.filter(entry=entry).delete()
    ReferenceCode.objects.bulk_create(
        ReferenceCode(
            version=draft,
            entry=entry,
            hs_code=code.hs_code,
            valid_from=code.valid_from,
            valid_until=code.valid_until,
        )
        for code in reference_codes.parse(text)
    )


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def remove(*, by: Actor, version_id: int, row: models.Model) -> None:
    """The draft no longer holds the row. Refused where other rows rest on it."""
    need(by)
    draft = locked_draft(version_id)
    data = {"table": type(row).__name__.lower(), "row": str(row)}
    try:
        row.delete()
    except ProtectedError as error:
        raise Refused(
            "row_in_use", _("Other rows of the draft rest on this one. Take those out first.")
        ) from error
    record("list.row_removed", by=by, subject=("list_version", draft.pk), data=data)


@transaction.atomic
def replace_entries(
    *, by: Actor, version_id: int, rows: Sequence[tuple[Mapping[str, Any], str]], file_name: str
) -> int:
    """The draft's entries are those of the file, no more and no fewer; the number of them.

    ``rows`` are the fields of each entry and its customs codes as one text, judged before.
    """
    need(by)
    draft = locked_draft(version_id)
    Entry.objects.filter(version=draft).delete()
    entries = Entry.objects.bulk_create(Entry(version=draft, **fields) for fields, _codes in rows)
    ReferenceCode.objects.bulk_create(_codes_of(draft, zip(entries, rows, strict=True)))
    record(
        "list.entries_replaced",
        by=by,
        subject=("list_version", draft.pk),
        data={"entries": len(entries), "file": file_name[:200]},
    )
    return len(entries)


def _codes_of(
    draft: ListVersion, pairs: Iterable[tuple[Entry, tuple[Mapping[str, Any], str]]]
) -> list[ReferenceCode]:
    return [
        ReferenceCode(
            version=draft,
            entry=entry,
            hs_code=code.hs_code,
            valid_from=code.valid_from,
            valid_until=code.valid_until,
        )
        for entry, (_fields, text) in pairs
        for code in reference_codes.parse(text)
    ]
