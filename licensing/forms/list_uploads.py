"""A file of entries, read in a child process and judged by the same form as one row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from licensing.domain.classification.list_rows import TABLES
from licensing.forms.list_filters import element_choices
from licensing.forms.list_rows import EntryForm
from licensing.models import Instrument, ListVersion
from portal.core.tabular.isolation import read_safely
from portal.core.tabular.messages import fault_text
from portal.core.tabular.tables import Limits, TableSpec

COLUMNS = TABLES["entries"].columns
REQUIRED = ("instrument", "control_code", "form", "name_en", "name_zh", "evidence")
_TOLD = 200
_LIMITS = Limits(max_bytes=5_000_000, max_rows=5_000)
_SPEC = TableSpec("entries", {name: name for name in COLUMNS}, {}, REQUIRED, ("entries", "Entries", "条目"))


@dataclass(frozen=True)
class JudgedFile:
    """What came of a file: the entries with their customs codes, or what stands against them and where."""

    rows: list[tuple[dict[str, Any], str]]
    faults: list[tuple[str, str]]  # place in the file, words


def judged_file(version: ListVersion, name: str, data: bytes) -> JudgedFile:
    """The file's entries for this draft; none where anything stands against one of them."""
    reading = read_safely(data, name, [_SPEC], limits=_LIMITS)
    faults = [(fault.address, fault_text(fault)) for fault in reading.faults if fault.level != "note"]
    table = reading.tables.get("entries")
    if table is None or faults:
        return JudgedFile([], faults[:_TOLD] or [("", _("The file holds no entries."))])
    instruments = {one.code: one for one in Instrument.objects.filter(version=version)}
    elements = element_choices("")
    rows: list[tuple[dict[str, Any], str]] = []
    for index, record in enumerate(table.records()):
        said = {name: text.strip() for name, text in record.items()}
        said["element"] = said.get("element", "").lower()
        form = _FileEntryForm(version, instruments, elements, said)
        place = _("row %(number)s") % {"number": table.row_numbers[index]}
        if form.is_valid():
            rows.append((form.values(), form.cleaned_data["reference_hs"]))
        else:
            faults += [
                (f"{place}, {field}", str(words)) for field, errors in form.errors.items() for words in errors
            ]
    for code, times in Counter(fields["control_code"] for fields, _codes in rows).items():
        if times > 1:
            faults.append(
                (code, _("This control code stands in the file %(times)s times.") % {"times": times})
            )
    if not rows and not faults:
        faults.append(("", _("The file holds no entries.")))
    return JudgedFile([] if faults else rows, faults[:_TOLD])


class _FileEntryForm(EntryForm):
    """An entry of a file: it names its instrument by code, and may have a code that the draft holds."""

    def __init__(
        self, version: ListVersion, instruments: dict[str, Instrument], elements: Any, data: Any
    ) -> None:
        super().__init__(version, data, elements=elements)
        self.instruments = instruments
        self.fields["instrument"] = forms.CharField(max_length=80)

    def clean_instrument(self) -> Instrument:
        code = str(self.cleaned_data["instrument"])
        if code not in self.instruments:
            words = _("The draft has no instrument “%(code)s”.") % {"code": code}
            raise forms.ValidationError(words, code="unknown_instrument")
        return self.instruments[code]

    def clean_control_code(self) -> str:
        return str(self.cleaned_data["control_code"])
