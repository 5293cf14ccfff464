"""What a check is, and the registry that finds them.

A check is one file in `rules/` named by its code and its function, holding its words, its law, its examples
and one function that answers a single question for all rows at once: broken? Nothing lists the files:
`load()` walks the folder. `_` here only marks words for extraction; they are translated when shown.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from reporting.checks.examples import AnyExample, filing
from reporting.checks.laws import LAWS
from reporting.checks.text import Mask
from reporting.checks.view import View

__all__ = [
    "REGISTRY", "Broken", "Check", "Queue", "Registry", "Severity", "View", "_", "all_checks", "check", "every_check",
    "filing", "national_checks", "sources",
]  # fmt: skip

Broken: TypeAlias = Mask | Any
"""A rule's answer: a mask, True = broken. (Any, for numpy's stubs give that for `==`.)"""

PERS: Final = ("line", "product", "element", "filing", "counterparty", "obligation")
NATIONAL_PERS: Final = (
    "balance",
    "counting",
    "pair",
    "quota",
    "output",
    "paper",
    "declaration",
    "claim",
    "habit",
    "recount",
    "price",
    "ring",
    "shell",
    "ghost",
    "mixture",
    "yield",
    "trend",
    "listed",
    "identity",
)
"""What national checks judge: rows made of many filings together (`reporting.checks.nation`)."""
SUBJECT_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "line": ("line_no",),
    "product": ("product",),
    "element": ("element",),
    "filing": (),
    "counterparty": ("counterparty",),
    "obligation": (),
    **dict.fromkeys(NATIONAL_PERS, ()),
}
"""The placeholders that every message of that kind may use besides the columns it needs; and `period`."""

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


def _(words: str) -> str:
    """Mark words for extraction; they are translated when shown."""
    return words


class Severity(StrEnum):
    """What a finding does to a submission: error blocks it, warning asks why, notice informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Queue(StrEnum):
    """Where a finding goes: block = to be mended, query = ask the producer, case = worth an officer."""

    BLOCK = "block"
    QUERY = "query"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its words, its law, what it may read, its examples and its question."""

    code: str
    name: str
    severity: Severity
    queue: Queue
    title: str
    message: str
    explanation: str
    remedy: str
    legal_basis: tuple[str, ...]
    per: str
    needs: tuple[str, ...]
    optional_needs: tuple[str, ...]
    in_force_from: str
    in_force_until: str
    passes: tuple[AnyExample, ...]
    fails: tuple[AnyExample, ...]
    function: Callable[[View], Broken]
    method: str = ""
    statistic: str = ""  # the column by which its findings are scored, where chance plays a part
    grows: str = (
        ""  # what a person decided stands until this column has grown by half; "": until any figure changes
    )
    nightly: bool = False  # needs everybody's books at once: judged by sweeps alone, not when a filing comes

    @property
    def national(self) -> bool:
        """Whether it judges many filings together."""
        return self.code[3] >= "5"

    @property
    def family(self) -> str:
        """The three letters of the family."""
        return self.code[:3]

    @property
    def reads(self) -> tuple[str, ...]:
        """All columns that the function may read."""
        return self.needs + self.optional_needs

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in the message, each once, in order."""
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.message)))


class Registry:
    """The checks by code. A code is never given twice; a retired check keeps its file and gets an end month."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def __len__(self) -> int:
        return len(self._checks)

    def __getitem__(self, code: str) -> Check:
        return self._checks[code]

    def __contains__(self, code: object) -> bool:
        return code in self._checks

    def checks(self) -> tuple[Check, ...]:
        """Return all checks in the order of their codes."""
        return tuple(self._checks[code] for code in sorted(self._checks))

    def check(
        self,
        *,
        code: str,
        severity: Severity,
        queue: Queue,
        title: str,
        message: str,
        explanation: str,
        remedy: str,
        legal_basis: Sequence[str],
        per: str,
        needs: Sequence[str],
        passes: Sequence[AnyExample],
        fails: Sequence[AnyExample],
        optional_needs: Sequence[str] = (),
        in_force_from: str = "",
        in_force_until: str = "",
        method: str = "",
        statistic: str = "",
        grows: str = "",
        nightly: bool = False,
    ) -> Callable[[Callable[[View], Broken]], Callable[[View], Broken]]:
        """Register the function below it as the check `code`.

        The function gets a `View` of the rows whose `needs` are all there and returns a mask, True = broken.
        `in_force_from` and `in_force_until` are reporting months ("2024-10", the last included; "" = open).
        Raises TypeError for a code in use, a wrong file name, an unknown law or a placeholder without a column.
        """

        def register(function: Callable[[View], Broken]) -> Callable[[View], Broken]:
            made = Check(
                code=code, name=function.__name__, severity=severity, queue=queue, title=title, message=message,
                explanation=explanation, remedy=remedy, legal_basis=tuple(legal_basis), per=per, needs=tuple(needs),
                optional_needs=tuple(optional_needs), in_force_from=in_force_from, in_force_until=in_force_until,
                passes=tuple(passes), fails=tuple(fails), function=function,
                method=method, statistic=statistic, grows=grows, nightly=nightly,
            )  # fmt: skip
            self._admit(made, function.__module__.rpartition(".")[2])
            return function

        return register

    def _admit(self, made: Check, file_name: str) -> None:
        if made.code in self._checks:
            raise TypeError(f"Cannot reuse the code {made.code}: it is {self._checks[made.code].name}")
        if not re.fullmatch(r"[A-Z]{3}\d\d\d", made.code):
            raise TypeError(f"{made.code} is not three letters and a number")
        if file_name != (expected := f"{made.code.lower()}_{made.name}"):
            raise TypeError(f"{made.code}: the file is {file_name}.py, it must be {expected}.py")
        if made.per not in (NATIONAL_PERS if made.national else PERS):
            raise TypeError(f"{made.code}: there are no checks per {made.per}")
        if unknown := [law for law in made.legal_basis if law not in LAWS]:
            raise TypeError(f"{made.code}: laws.py does not know {', '.join(unknown)}")
        known = {
            *SUBJECT_VALUES[made.per],
            "period",
            *(("first_period",) if made.national else ()),
            *made.reads,
        }
        if loose := [name for name in made.placeholders if not known & set(sources(name))]:
            raise TypeError(f"{made.code}: no column stands behind %({loose[0]})s")
        self._checks[made.code] = made


def sources(placeholder: str) -> tuple[str, ...]:
    """Return the columns that could give the placeholder its value (`stock_kg` is told by `stock_g`)."""
    stem, _sep, unit = placeholder.rpartition("_")
    return (placeholder, *{"kg": (f"{stem}_g",), "cny": (f"{stem}_fen",)}.get(unit, ()))


REGISTRY: Final = Registry()
check = REGISTRY.check


def all_checks() -> tuple[Check, ...]:
    """Return every filing check, in the order of their codes; finds the files at the first call."""
    return tuple(item for item in every_check() if not item.national)


def national_checks() -> tuple[Check, ...]:
    """Return every national check, in the order of their codes."""
    return tuple(item for item in every_check() if item.national)


def every_check() -> tuple[Check, ...]:
    """Return the checks of filings and of the nation, in the order of their codes."""
    if not _LOADED:
        for name in ("rules", "national"):
            package: Any = importlib.import_module(f"reporting.checks.{name}")
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"reporting.checks.{name}.{module.name}")
        _LOADED.append(True)
    return REGISTRY.checks()


_LOADED: Final[list[bool]] = []
