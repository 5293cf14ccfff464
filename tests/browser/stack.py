"""The whole portal as processes of their own, as ``make run`` starts them: for walks and long measurements."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from tests.servers import AS_IN_USE, WEB, WORKER, as_role, free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LEFT_OPEN = "SELECT task, attempts, started_at, error, count(*) FROM core_outbox WHERE done_at IS NULL GROUP BY 1, 2, 3, 4 LIMIT 20"


class NotStarted(RuntimeError):
    """A process ended, or the portal did not answer in time."""


@dataclass
class Stack:
    """Running processes and how to reach them."""

    url: str
    environment: dict[str, str]
    var: Path
    web_workers: int = 1
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Start one process of the portal; its output goes to a file under var."""
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(BIN / command[0]), *command[1:]],
                cwd=ROOT,
                env=self.environment_of(name),
                stdout=log,
                stderr=log,
                start_new_session=True,  # a worker's children end with it
            )

    def environment_of(self, name: str) -> dict[str, str]:
        """As in real use: what serves requests reaches PostgreSQL as the web's role, all else as the workers'."""
        if "DATABASE_URL" not in self.environment:
            return self.environment
        role = WEB if name.startswith("web") else WORKER
        return self.environment | {"DATABASE_URL": as_role(self.environment["DATABASE_URL"], role)}

    def start_all(self) -> None:
        port = self.environment["PORT"]
        web = (
            "gunicorn",
            "portal.config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            *AS_IN_USE,
            "--workers",
            str(self.web_workers),
        )
        self.start("web", *web)
        self.start("relay", "python", "manage.py", "relay")
        self.start("beat", "celery", "-A", "portal.config", "beat", "--loglevel", "WARNING")
        self.start_worker()

    def start_worker(self, name: str = "worker") -> None:
        queues = (
            "--queues",
            "default,big,periodic",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        )
        self.start(
            name,
            "celery",
            "-A",
            "portal.config",
            "worker",
            "--concurrency",
            "2",
            *queues,
        )

    def kill(self, name: str) -> None:
        """As the machine would: without a word."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=15)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py to its end; its output."""
        done = subprocess.run(
            [str(BIN / "python"), "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotStarted(f"manage.py {' '.join(arguments)}: {done.stdout[-2000:]} {done.stderr[-4000:]}")
        return done.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, asked without the portal."""
        url = self.environment.get("DATABASE_URL", "")
        connection = psycopg2.connect(url) if url else sqlite3.connect(self.var / "lodestone.sqlite3")
        with closing(connection), closing(connection.cursor()) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def wait_for(self, query: str, answer: Any, seconds: float = 60) -> None:
        """Wait until a query gives this one value."""
        end, last = time.monotonic() + seconds, None
        while time.monotonic() < end:
            ((last,),) = self.rows(query)
            if last == answer:
                return
            time.sleep(0.1)
        raise NotStarted(f"after {seconds} s {query} gives {last}, not {answer}\n{self.last_words()}")

    def last_words(self) -> str:
        """What each process but the web does at this moment, thread by thread, and what it last said; they end of it."""
        told = [f"left open: {self.rows(LEFT_OPEN)}"]
        for name, process in self.processes.items():
            if name.startswith("web"):
                continue
            ended = process.poll()
            if ended is None:
                os.killpg(process.pid, signal.SIGABRT)  # faulthandler writes every thread's stack
                process.wait(timeout=15)
            log = (self.var / f"{name}.log").read_text(errors="replace")
            told.append(f"--- {name}: {'ran' if ended is None else f'had ended with {ended}'}\n{log[-6000:]}")
        return "\n".join(told)

    def wait_for_workers(self) -> None:
        """Wait until every promise that is due has been kept: a message that got lost is sent again after 90 s."""
        due = "done_at IS NULL AND due_at <= CURRENT_TIMESTAMP"
        self.wait_for(f"SELECT count(*) FROM core_outbox WHERE {due}", 0, seconds=210)

    def wait_for_seals(self) -> None:
        """Wait until every event of the trail has its place in the chain: the sealer comes every twenty seconds."""
        unsealed = "SELECT count(*) FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)"
        self.wait_for(unsealed, 0, seconds=150)

    def wait_until_ready(self, seconds: float = 180) -> None:
        """Wait until /readyz says so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise NotStarted(f"{name} ended: {(self.var / f'{name}.log').read_text()[-4000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.2)
        raise NotStarted(f"not ready after {seconds} s")

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=15)


def fresh_database(server_url: str, name: str) -> str:
    """An empty database on a running PostgreSQL; its URL."""
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return server_url.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def running(
    *,
    database_url: str = "",
    redis_url: str = "",
    prepare: bool = True,
    mode: str = "demonstration",
    web_workers: int = 1,
) -> Iterator[Stack]:
    """A prepared, running portal, a demonstration unless said otherwise; everything ends with the block."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="lodestone-stack-", ignore_cleanup_errors=True) as folder:
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        environment = {**kept, "LODESTONE_MODE": mode, "LODESTONE_VAR": folder, "PORT": str(port)}
        environment["PYTHONFAULTHANDLER"] = "1"  # see last_words
        environment |= {"DATABASE_URL": database_url} if database_url else {}
        environment |= {"REDIS_URL": redis_url} if redis_url else {}
        (Path(folder) / "static").mkdir()
        stack = Stack(f"http://localhost:{port}", environment, Path(folder), web_workers)
        try:
            if prepare:
                stack.manage("prepare")
            stack.start_all()
            stack.wait_until_ready()
            yield stack
        finally:
            stack.stop()
