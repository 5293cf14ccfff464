"""The child process that reads or annotates one file: ``python -m portal.core.tabular.child``.

It sets its own limits before it takes a byte, reads one request from standard input and writes one
answer to standard output. It opens no other file for writing and imports neither Django nor the settings.
Request and answer are a line of JSON, followed by the bytes of a file where there is one.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any, BinaryIO

from portal.core.tabular.faults import RefusalError


def main(inlet: BinaryIO, outlet: BinaryIO) -> None:
    """Answer one request. What goes wrong inside becomes a fault; nothing is printed."""
    request = json.loads(inlet.readline())
    confine(request["limits"]["memory_bytes"], request["limits"]["cpu_seconds"])
    head: dict[str, Any]
    payload = b""
    try:
        head, payload = answer(request, inlet.read())
    except RefusalError as refusal:
        head = {"fault": refusal.fault.as_json()}
    except MemoryError:
        head = {"fault": ["too_much_memory"]}
    except (
        BaseException
    ):  # a panic of the reader's Rust code is no Exception; the parent needs a word in any case
        head = {"fault": ["reader_failed"]}
    outlet.write(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    outlet.write(b"\n")
    outlet.write(payload)
    outlet.flush()


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Take away what a hostile file could use: memory, time, files, core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to a request as JSON values and bytes."""
    # Each task imports its own reader: openpyxl alone takes half a second to load.
    if request["task"] == "annotate":
        from portal.core.tabular.annotating import Remark, annotate

        remarks = [Remark(*remark) for remark in request["remarks"]]
        return {}, annotate(data, request["filename"], remarks)
    from portal.core.tabular.reading import read_tables
    from portal.core.tabular.tables import Limits, TableSpec

    specs = [TableSpec.from_json(spec) for spec in request["specs"]]
    limits = Limits(**request["limits"])
    reading = read_tables(data, request["filename"], specs, sheet=request["sheet"], limits=limits)
    return reading.as_json(), b""


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
