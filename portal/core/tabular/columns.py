"""One column of a table: what each distinct value in it means, and the cells that mean nothing certain.

Work is done once per distinct value, not per cell: in a filing most cells repeat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from portal.core.tabular.calendar_text import ISO_DATE, DayOrder, settle_period
from portal.core.tabular.cells import Shown, Truth, has_controls, loses_digits, without_controls
from portal.core.tabular.numerals import PLAIN, Convention
from portal.core.tabular.tables import BLANK, BOOLEAN, DATE, MOMENT, NUMBER, TEXT, UNREAD, ColumnType

Outcome = tuple[str, str, str]

_MANGLED = re.compile(r"\d(?:[.,]\d+)?E\+\d\d")
_INFINITE = frozenset({"nan", "inf", "-inf", "+inf", "infinity"})
_TRUE = frozenset({"true", "yes", "y", "1", "是", "对", "√"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "错", "×"})


class Column:
    """The values of a column from the first row below the header, and what they come to.

    An outcome is (text, kind letter, fault code or empty); with a code, the text is as typed.
    """

    def __init__(self, values: Sequence[object], shown: Callable[[object], Shown], longest: int) -> None:
        kinds = set(map(type, values))
        if bool in kinds:
            # True equals 1.0 and would share its outcome.
            values = [Truth(value) if isinstance(value, bool) else value for value in values]
        self.values = values
        self._outcomes: dict[object, Outcome] = {
            value: _first(value, shown, longest) for value in set(values)
        }

    def settle(self, kind: ColumnType) -> None:
        """Bring the texts into the dictionary's form, by what the column holds; numbers are settled together."""
        if kind == "date":
            order = DayOrder()
            order.learn(self.typed())
            self._each(lambda text, letter: _date(text, letter, order))
        elif kind == "period":
            self._each(lambda text, letter: (settle_period(text), letter, ""))
        elif kind == "boolean":
            self._each(lambda text, letter: (_boolean(text), letter, ""))
        elif kind != "number":
            self._each(_code)

    def settle_numbers(self, convention: Convention) -> None:
        """The same for a column of numbers, once the table's way of writing decimals is known."""
        self._each(lambda text, letter: _number(text, letter, convention))

    def typed(self) -> Iterator[str]:
        """The distinct texts that a person or program wrote as text."""
        return (text for text, letter, _ in self._outcomes.values() if letter == TEXT)

    def texts(self) -> list[str]:
        """The text of every cell."""
        texts = {value: outcome[0] for value, outcome in self._outcomes.items()}
        return [texts[value] for value in self.values]

    def kinds(self) -> list[str]:
        """The kind letter of every cell."""
        letters = {value: outcome[1] for value, outcome in self._outcomes.items()}
        return [letters[value] for value in self.values]

    def faulty(self) -> Iterable[tuple[int, str, str]]:
        """The cells with a fault: (place in the column from 0, code, text as typed)."""
        codes = {value: outcome for value, outcome in self._outcomes.items() if outcome[2]}
        if not codes:
            return
        for at, value in enumerate(self.values):
            if value in codes:
                yield at, codes[value][2], codes[value][0]

    def _each(self, settle: Callable[[str, str], Outcome]) -> None:
        for value, (text, letter, code) in self._outcomes.items():
            if text and not code:
                self._outcomes[value] = settle(text, letter)


def _first(value: object, shown: Callable[[object], Shown], longest: int) -> Outcome:
    """What no cell may hold, whatever its column."""
    if value is None or value == "":
        return "", BLANK, ""
    text, letter = shown(value)
    if not text.isprintable() and has_controls(text):
        return without_controls(text)[:longest], UNREAD, "control_characters"
    if len(text) > longest:
        return text[:longest], UNREAD, "cell_too_long"
    return text, letter, ""


def _date(text: str, letter: str, order: DayOrder) -> Outcome:
    if letter == DATE or ISO_DATE.fullmatch(text):
        return text, letter, ""
    settled = text[:10] if letter == MOMENT else order.settle(text)
    return (text, UNREAD, "ambiguous_date") if settled is None else (settled, letter, "")


def _boolean(text: str) -> str:
    folded = text.casefold()
    if folded in _TRUE:
        return "true"
    return "false" if folded in _FALSE else text


def _code(text: str, letter: str) -> Outcome:
    rounded = letter == NUMBER and len(text) > 15 and loses_digits(float(text))
    if rounded or (letter == TEXT and "E+" in text and _MANGLED.fullmatch(text)):
        return text, UNREAD, "digits_lost"
    return (text.upper() if letter == BOOLEAN else text), letter, ""


def _number(text: str, letter: str, convention: Convention) -> Outcome:
    if letter == NUMBER and len(text) > 15 and loses_digits(float(text)):
        return text, UNREAD, "digits_lost"
    if letter != TEXT or (PLAIN.fullmatch(text) and not convention.comma):
        return text, letter, ""
    if text.lower() in _INFINITE:
        return text, UNREAD, "number_not_finite"
    settled = convention.settle(text)
    return (text, UNREAD, "ambiguous_number") if settled is None else (settled, letter, "")
