"""How the web server runs: ``gunicorn --config python:portal.config.gunicorn portal.config.wsgi``.

As many processes as cores (``WEB_CONCURRENCY`` says otherwise), loaded once and then forked. Two threads each: one
computes while the other waits for the database; more of them only take the interpreter's lock from each other. With
the mixed requests of the last hour on two cores, two threads answered a fifth more a second than four
(``docs/decisions/0017-two-threads.md``).
"""

from __future__ import annotations

import os

workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, os.cpu_count() or 1))
threads = 2
preload_app = True
timeout = 60
