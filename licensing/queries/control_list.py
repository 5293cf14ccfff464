"""Reading the control list: what is in force, as the value that pure rules take, and as rows for pages."""

from __future__ import annotations

from django.db.models import QuerySet

from licensing.domain.classification import ControlList, ElementName
from licensing.models import ListState, ListVersion
from licensing.queries.list_tables import tables_of
from portal.registry.models import Element

KEPT = 4  # versions held in memory: the one in force, and those that a page or a past decision asks for
_built: dict[str, ControlList] = {}


def versions() -> QuerySet[ListVersion]:
    """Every version, drafts first, then the published ones from the latest back."""
    return ListVersion.objects.order_by("number", "-created_at").reverse()


def version_in_force() -> ListVersion:
    """The published version with the highest number."""
    found = ListVersion.objects.filter(state=ListState.PUBLISHED).order_by("-number").first()
    if found is None:
        raise LookupError("No version of the control list is published: migrate the database.")
    return found


def in_force() -> ControlList:
    """The list in force. Built once and kept: a published version never changes."""
    return list_of(version_in_force())


def of_version(number: int) -> ControlList | None:
    """A published version; None where there is none with that number."""
    found = ListVersion.objects.filter(state=ListState.PUBLISHED, number=number).first()
    return None if found is None else list_of(found)


def list_of(version: ListVersion) -> ControlList:
    """The version as one value; a draft's is built afresh, since it changes."""
    if version.state != ListState.PUBLISHED:
        return _build(version)
    # the digest is part of the key: numbers come again where tests or a restore undo a version
    key = f"{version.number} {version.sha256}"
    if key not in _built:
        while len(_built) >= KEPT:
            _built.pop(next(iter(_built)), None)
        _built[key] = _build(version)
    return _built[key]


def _build(version: ListVersion) -> ControlList:
    return ControlList.build(version.number or 0, tables_of(version), element_names())


def element_names() -> list[ElementName]:
    """The rare earths in the order of the columns of contents."""
    return [ElementName(one.symbol, one.name_en, one.name_zh) for one in Element.objects.all()]
