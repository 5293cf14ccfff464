"""Forms of beginning a filing and of its lines, without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.core.months import Month
from reporting.domain.cells import Row, tidy
from reporting.domain.line_columns import COLUMNS
from reporting.queries.line_words import column_label, kind_words


class StartForm(forms.Form):
    """Which month, and from what."""

    period = forms.CharField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("What should the filing start from?"),
        choices=[
            ("last", _("Last month: its closing stock, the same products and counterparties")),
            ("empty", _("An empty table")),
        ],
        initial="last",
        widget=forms.RadioSelect,
    )

    def clean_period(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(_("Choose a month of the calendar.")) from error


class ExplanationForm(forms.Form):
    """Why a warning is right as it stands."""

    code = forms.CharField(max_length=6, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=120, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Why are the figures right as they stand?"),
        max_length=2_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Cell:
    """One labelled input of the table."""

    name: str  # of the input
    column: str
    label: str
    value: str
    faults: Sequence[str] = ()
    kept: str = ""  # what another window saved here meanwhile

    @property
    def identity(self) -> str:
        return f"cell-{self.name}"


@dataclass(frozen=True)
class TableLine:
    """One line of the table; ``faults`` are those that belong to no cell."""

    number: int
    cells: Sequence[Cell]
    faults: Sequence[str] = ()
    deleted: bool = False  # in another window meanwhile


@dataclass
class LineTable:
    """The lines of one page as inputs, with what was posted for them and what is wrong with them."""

    rows: Sequence[Row]
    faults: Mapping[tuple[int, str], Sequence[str]] = field(default_factory=dict)
    posted: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    changed: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[TableLine]:
        """The stored lines of the page, and posted ones that are not there any more."""
        stored = dict(self.rows)
        gone = [number for number in self.posted if number not in stored]
        return [self._line(number, stored.get(number)) for number in sorted([*stored, *gone])]

    def _line(self, number: int, stored: Mapping[str, str] | None) -> TableLine:
        typed = self.posted.get(number)
        cells = []
        for column in COLUMNS:
            now = _shown(column.name, (stored or {}).get(column.name, ""))
            value = now if typed is None else typed.get(column.name, "")
            kept = now if number in self.changed and stored is not None and now != value else ""
            faults = self.faults.get((number, column.name), ())
            name = f"{column.name}-{number}"
            cells.append(Cell(name, column.name, column_label(column.name), value, faults, kept))
        return TableLine(number, cells, self.faults.get((number, ""), ()), deleted=stored is None)


def posted_lines(data: QueryDict) -> dict[int, dict[str, str]]:
    """The cells that a form table sent, by line number."""
    numbers = [
        int(text) for text in data.getlist("line") if text.isascii() and text.isdecimal() and len(text) < 10
    ]
    return {
        number: {column.name: tidy(data.get(f"{column.name}-{number}", "")) for column in COLUMNS}
        for number in numbers
    }


def operations_of(
    posted: Mapping[int, Mapping[str, str]], stored: Mapping[int, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """What the person changed: cells that differ from what is stored, and lines that are stored no more."""
    operations: list[dict[str, Any]] = []
    for number, cells in posted.items():
        if number not in stored:
            if any(cells.values()):
                operations.append({"op": "insert", "line_no": number, "cells": dict(cells)})
            continue
        before = stored[number]
        changed = {
            name: text for name, text in cells.items() if not _is_same(name, text, before.get(name, ""))
        }
        if changed:
            operations.append({"op": "set", "line_no": number, "cells": changed})
    return operations


def _shown(column: str, text: str) -> str:
    """A cell as the table shows it: kinds in words."""
    return kind_words().get(text, text) if column == "kind" else text


def _is_same(column: str, typed: str, stored: str) -> bool:
    """Whether an input was left as it was; a browser takes line breaks out of it."""
    shown = _shown(column, stored)
    return typed in {tidy(shown), tidy(stored), tidy(shown.replace("\r", "").replace("\n", ""))}
