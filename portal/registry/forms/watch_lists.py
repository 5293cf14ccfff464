"""Forms of watch lists: filters, one entry, a file of entries judged row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.tabular.isolation import read_safely
from portal.core.tabular.messages import fault_text
from portal.core.tabular.tables import Limits, TableSpec
from portal.registry.countries import country_choices
from portal.registry.models import WatchEffect, WatchEntry
from portal.registry.queries.watch_list import FIELDS, list_names

COLUMNS: Final = (
    "list", "entry", "name", "aliases", "country", "id_number", "reason", "effect", "valid_from", "valid_until",
)  # fmt: skip
AT_MOST: Final = 5_000  # rows of a file; longer ones come by ``manage.py load``
_TOLD: Final = 200
_SPEC = TableSpec(
    "watchlist",
    {name: name for name in COLUMNS},
    {},
    ("list", "entry", "name"),
    ("watchlist", "Watch list", "关注名单"),
)
_LIMITS = Limits(max_bytes=10_000_000, max_rows=AT_MOST)
_SALT: Final = "registry.watch_list"
_AN_HOUR: Final = 3_600
ANY: Final = ("", _("any"))


class WatchFilter(forms.Form):
    """Filters of the entries."""

    q = forms.CharField(
        label=_("Name, number or entry"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    list = forms.ChoiceField(label=_("List"), required=False)
    effect = forms.ChoiceField(label=_("Effect"), required=False, choices=[ANY, *WatchEffect.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ANY, ("in_force", _("in force")), ("ended", _("ended")), ("to_come", _("to come"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [ANY, *((name, name) for name in list_names())]  # type: ignore[attr-defined]


class WatchEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """One entry. Its list and number are its key and stay."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)

    class Meta:
        model = WatchEntry
        fields = ("list_name", "entry", *FIELDS)
        help_texts = {
            "list_name": _("The list as it is called: all its entries bear the same name."),
            "entry": _("The number that the list gives it."),
            "aliases": _("Separated by semicolons. Any script."),
            "valid_until": _("The last day on which it counts; empty while it stands."),
        }
        widgets = {
            "aliases": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 3}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].widget.attrs["class"] = "input-20"
        self.fields["id_number"].widget.attrs["class"] = "input-20"
        if self.instance.pk:
            self.fields["list_name"].disabled = self.fields["entry"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the form says, without the key."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class WatchFileForm(forms.Form):
    """A file of entries."""

    file = forms.FileField(
        label=_("File of entries"),
        help_text=_(
            "CSV or XLSX with the columns of the download, up to 5,000 rows. Entries it does not name stay."
        ),
    )


@dataclass(frozen=True)
class ReadFile:
    """What came of a file: its rows, or what stands against them and where."""

    rows: list[dict[str, Any]]
    faults: list[tuple[str, str]]


def read_file(name: str, data: bytes) -> ReadFile:
    """The entries of a file, each judged by the form of an entry; none where anything stands against one."""
    reading = read_safely(data, name, [_SPEC], limits=_LIMITS)
    faults = [(fault.address, fault_text(fault)) for fault in reading.faults if fault.level != "note"]
    table = reading.tables.get("watchlist")
    if table is None or faults:
        return ReadFile([], faults[:_TOLD] or [("", gettext("The file holds no entries."))])
    rows: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for index, record in enumerate(table.records()):
        form = _FileEntryForm(_said(record))
        place = gettext("row %(number)s") % {"number": table.row_numbers[index]}
        if form.is_valid():
            key = (form.cleaned_data["list_name"], form.cleaned_data["entry"])
            if key in seen:
                faults.append((place, gettext("This entry stands in the file twice.")))
            seen.add(key)
            rows.append({"list": key[0], "entry": key[1], **form.values()})
        else:
            faults += [
                (f"{place}, {field}", str(words)) for field, told in form.errors.items() for words in told
            ]
    if not rows and not faults:
        faults.append(("", gettext("The file holds no entries.")))
    return ReadFile([] if faults else rows, faults[:_TOLD])


class _FileEntryForm(WatchEntryForm):
    """An entry of a file: it may be on record already, and its key says which is meant."""

    list_name = forms.CharField(max_length=60)
    entry = forms.CharField(max_length=40)

    class Meta(WatchEntryForm.Meta):
        fields = FIELDS


def _said(record: Mapping[str, str]) -> dict[str, str]:
    said = {name: text.strip() for name, text in record.items()}
    said["list_name"] = said.pop("list", "")
    said["country"] = said.get("country", "").upper()
    said["effect"] = said.get("effect") or WatchEffect.REVIEW.value
    return said


def sealed_rows(rows: list[dict[str, Any]]) -> str:
    """The rows of a preview, so that the page may send them back unchanged within the hour."""
    plain = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    return signing.dumps(plain, salt=_SALT, compress=True)


def opened_rows(text: str) -> list[dict[str, Any]]:
    """The rows of a preview; none where they were touched or are older than an hour."""
    try:
        plain = signing.loads(text, salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        return []
    forms_ = [_FileEntryForm(_said(row)) for row in plain]
    return [
        {"list": form.cleaned_data["list_name"], "entry": form.cleaned_data["entry"], **form.values()}
        for form in forms_
        if form.is_valid()
    ]
