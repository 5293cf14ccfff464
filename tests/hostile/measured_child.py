"""The child that reads files, and how much memory and time it took: ``python -m tests.hostile.measured_child``."""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path

from portal.core.tabular.child import main


def measured() -> None:
    """Answer as the portal's own child does, with two more members in the head."""
    answer = io.BytesIO()
    main(sys.stdin.buffer, answer)
    line, _, payload = answer.getvalue().partition(b"\n")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    used = resource.getrusage(resource.RUSAGE_SELF)
    head = json.loads(line) | {
        "peak_kb": int(status.partition("VmHWM:")[2].split()[0]),
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + payload)


if __name__ == "__main__":
    measured()
