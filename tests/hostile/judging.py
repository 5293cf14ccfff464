"""Whether the answer to an odd file is one: read, or refused with a code, words, and the place."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils.translation import override

from portal.core.tabular import isolation
from portal.core.tabular.faults import CODES, ReadFault
from portal.core.tabular.isolation import read_safely
from portal.core.tabular.messages import fault_text
from portal.core.tabular.tables import Reading
from reporting.services.upload_rows import LIMITS, spec
from tests.hostile.files import file, kind_of

SECONDS, MEGABYTES = 10, 512
WITHOUT_PLACE = {"more_faults", "sheet_not_read", "missing_column"}
CHILD = (*isolation._COMMAND[:-1], "tests.hostile.measured_child")


@dataclass
class Outcome:
    """What came of one file."""

    number: int
    code: str
    seconds: float
    cpu_seconds: float
    megabytes: float
    wrong: list[str]

    @property
    def kind(self) -> str:
        return kind_of(self.number)


_taken = threading.local()  # what the latest child of this thread took


@contextmanager
def measured() -> Iterator[None]:
    """Within it the child that reads says what it took."""
    ask = isolation.ask_child

    def asking(*args: Any) -> tuple[dict[str, Any], bytes]:
        head, payload = ask(*args)
        _taken.megabytes, _taken.cpu = head.pop("peak_kb") / 1_000, head.pop("cpu_seconds")
        return head, payload

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isolation, "_COMMAND", CHILD)
        patch.setattr(isolation, "ask_child", asking)
        yield


def read(number: int) -> Outcome:
    """Read the file of this number as the portal does; within ``measured``."""
    name, data = file(number)
    _taken.megabytes = _taken.cpu = 0.0
    began = time.perf_counter()
    reading = read_safely(data, name, [spec()], limits=LIMITS)
    seconds = time.perf_counter() - began
    wrong = faults_of(reading)
    if _taken.megabytes > MEGABYTES or _taken.cpu > SECONDS:
        wrong.append(f"took {_taken.megabytes} MB and {_taken.cpu} s")
    code = reading.refusal.code if reading.refusal else "read" if reading.clean else "read with faults"
    return Outcome(number, code, seconds, _taken.cpu, _taken.megabytes, wrong)


def faults_of(reading: Reading) -> list[str]:
    """What is wrong with an answer itself."""
    wrong = []
    if (reading.refusal is None) != bool(reading.tables):
        wrong.append("neither read nor refused")
    for fault in reading.faults:
        wrong += [f"{fault.code}: {what}" for what in _unsaid(fault)]
    return wrong


def _unsaid(fault: ReadFault) -> list[str]:
    if fault.code not in CODES:
        return ["an unknown code"]
    wrong = []
    for language in ("en", "zh-hans"):
        with override(language):
            words = fault_text(fault)
        for value in fault.values.values():
            words = words.replace(str(value), "")
        if not words.strip() or "%(" in words:
            wrong.append(f"no words in {language}")
    if fault.level == "fault" and fault.code not in WITHOUT_PLACE and not fault.address:
        wrong.append("no place")
    return wrong
