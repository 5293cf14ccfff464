"""The door for files that users send: they are read in a child process that can be lost without harm.

Measured on one core: a small file takes 0.1 s, a workbook of 5,000 lines 0.25 s, one of 50,000 lines 1.9 s.
The child has its own limits on memory and time, no environment of ours (no secrets), and leaves no file
behind: bytes go by pipe. Whatever happens to it is a fault with words.
"""

from __future__ import annotations

import json
import signal
import subprocess  # nosec B404 - one fixed command, no shell
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.core.tabular.faults import ReadFault
from portal.core.tabular.tables import Limits, Reading, TableSpec, spec_as_json

_ROOT = Path(__file__).resolve().parents[3]
_COMMAND = (sys.executable, "-X", "utf8", "-B", "-m", "portal.core.tabular.child")
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
_TIME_ENDED = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM)
DEFAULT_LIMITS = Limits()
#: Writing comments takes longer than reading; it is done by a worker, never while a person waits for a page.
ANNOTATING_LIMITS = Limits(cpu_seconds=60, memory_bytes=768_000_000)


class IsolationError(Exception):
    """The child could not do its work; ``fault`` says why in the terms of reading."""

    def __init__(self, fault: ReadFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read_safely(
    data: bytes | Path,
    filename: str,
    specs: Sequence[TableSpec],
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read tables as ``reading.read_tables`` does, in a child process. Never raises for a file's content."""
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if size > limits.max_bytes:
        return Reading.refused(ReadFault("too_large", {"megabytes": limits.max_bytes // 1_000_000}))
    request = {
        "task": "read",
        "filename": filename,
        "specs": [spec_as_json(spec) for spec in specs],
        "sheet": sheet,
        "limits": asdict(limits),
    }
    try:
        head, _ = ask_child(request, data.read_bytes() if isinstance(data, Path) else data, limits)
    except IsolationError as error:
        return Reading.refused(error.fault)
    return Reading.from_json(head)


def annotate_safely(
    data: bytes,
    filename: str,
    remarks: Sequence[tuple[str, int | None, int | None, str]],
    *,
    limits: Limits = ANNOTATING_LIMITS,
) -> bytes:
    """The file as a workbook with remarks in its cells (``annotating.annotate``), made in a child process.

    Raises ``IsolationError`` where it could not be made.
    """
    request = {
        "task": "annotate",
        "filename": filename,
        "remarks": [list(remark) for remark in remarks],
        "limits": asdict(limits),
    }
    _, payload = ask_child(request, data, limits)
    return payload


def ask_child(request: dict[str, Any], data: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Send one request and its bytes; the answer, or ``IsolationError``. The child is dead afterwards."""
    message = json.dumps(request, separators=(",", ":")).encode() + b"\n" + data
    patience = limits.cpu_seconds + 2 * len(data) / 1_000_000
    with subprocess.Popen(  # noqa: S603  # nosec B603 - a fixed command; the file goes by pipe
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(message, timeout=patience)
        except subprocess.TimeoutExpired as error:
            raise IsolationError(ReadFault("took_too_long")) from error
        finally:
            child.kill()
    if child.returncode in _TIME_ENDED:
        raise IsolationError(ReadFault("took_too_long"))
    line, ended, payload = output.partition(b"\n")
    if child.returncode != 0 or not ended:
        code = "too_much_memory" if child.returncode == -signal.SIGABRT else "reader_failed"
        raise IsolationError(ReadFault(code))
    head: dict[str, Any] = json.loads(line)
    if "fault" in head:
        raise IsolationError(ReadFault(*head["fault"]))
    return head, payload
