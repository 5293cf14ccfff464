"""Real servers for the tests: a PostgreSQL and a Redis of our own on free ports, in folders that vanish.

A pytest plugin (``-p tests.servers``), because Django reads its settings before any fixture runs. ``DATABASE_URL`` and
``REDIS_URL`` override. What is missing on the machine is said plainly.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

AS_IN_USE = ("--config", "python:portal.config.gunicorn")
"""How gunicorn runs the portal, here as in real use."""


class Missing(RuntimeError):
    """A program the tests need is not installed."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name: str) -> str:
    """Where a program is: on the path, or where Debian keeps PostgreSQL's."""
    found = shutil.which(name)
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if found is None and not candidates:
        raise Missing(f"{name} is not installed. On Debian: apt-get install postgresql redis-server chromium")
    return found or str(candidates[0])


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: there it runs as the user that its package made."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        if os.getuid() == 0
        else command
    )


class Postgresql:
    """A fresh cluster on a free port, in a folder of its own: started, killed as the machine would, started again."""

    def __init__(self, *more: str) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="lodestone-pg-")), free_port()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.data, self.control = self.folder / "data", program("pg_ctl")
        self.url = f"postgresql://lodestone@127.0.0.1:{self.port}/postgres"
        settings = (
            "max_connections=400", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
            "log_error_verbosity=terse", "log_min_error_statement=panic",  # as in docker-compose.yml
            *more,
        )  # fmt: skip
        self.options = f"-p {self.port} -k {self.folder} -h 127.0.0.1 " + " ".join(
            f"-c {one}" for one in settings
        )
        initdb = program("initdb")
        self._run(
            initdb, "-D", str(self.data), "-U", "lodestone", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        atexit.register(self.end)

    def _run(self, *command: str, check: bool = True) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        subprocess.run(_as_postgres(list(command)), check=check, **quiet)

    def start(self) -> None:
        """Answering; after a kill it first recovers."""
        self._run(
            self.control, "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", self.options, "start"
        )  # fmt: skip

    def kill(self) -> None:
        """Every process of it at once, without a word; gone when this returns."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it has no more children than those that are counted
        family = [postmaster, *_children_of(postmaster)]
        for number in family:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        end = time.monotonic() + 15
        while any(_lives(number) for number in family) and time.monotonic() < end:
            time.sleep(0.02)
        # one that nobody has buried yet would be taken for a server that runs
        for lock in (self.data / "postmaster.pid", self.folder / f".s.PGSQL.{self.port}.lock"):
            lock.unlink(missing_ok=True)

    def end(self) -> None:
        """Stopped for good, if it was not before."""
        if not self.folder.exists():
            return
        self._run(self.control, "-D", str(self.data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def _children_of(parent: int) -> list[int]:
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(number) for number in told.split()]


def _lives(number: int) -> bool:
    """Whether a process still runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start_postgresql() -> str:
    """A fresh cluster without durability (it lives for the run only); its URL."""
    server = Postgresql()
    server.start()
    return server.url


WEB, WORKER = "lodestone_web", "lodestone_worker"


def make_roles(url: str) -> None:
    """The roles of web and workers, as ``portal/config/roles.sh`` makes them, with the password that the owner has."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        for role, more in ((WEB, "NOBYPASSRLS"), (WORKER, "BYPASSRLS")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {role} LOGIN {more} PASSWORD %s", [urlsplit(url).password])


def as_role(url: str, role: str) -> str:
    """The same database, reached as another role."""
    parts = urlsplit(url)
    credentials, _at, place = parts.netloc.rpartition("@")
    password = credentials.partition(":")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{place}" if password else f"{role}@{place}"))


class Redis:
    """A Redis that keeps nothing, on a free port: killed, silenced, and there again at the same address."""

    def __init__(self) -> None:
        self.folder, self.port = tempfile.mkdtemp(prefix="lodestone-redis-"), free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        atexit.register(self.end)
        self.start()

    def start(self) -> None:
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]
        command = [program("redis-server"), *place]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 15
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise Missing("redis-server does not start")

    def kill(self) -> None:
        """Without a word, and with all that it held."""
        self.process.kill()
        self.process.wait(timeout=10)

    def silence(self) -> None:
        """It takes connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def speak(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.speak()
        self.process.terminate()
        self.process.wait(timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_redis() -> str:
    """A Redis that keeps nothing; its URL."""
    return Redis().url


def pytest_addoption() -> None:
    """The mode, the folders, the servers: in the one hook that comes before Django's plugin reads the settings.

    Where several processes share the tests they share the servers too, each with a database of its own in both.
    """
    os.environ["LODESTONE_MODE"] = "test"
    place = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if place:
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{int(place) + 1}"
        os.environ["LODESTONE_VAR"] += f"/{place}"
        (Path(os.environ["LODESTONE_VAR"]) / "static").mkdir(parents=True)
        return
    if "LODESTONE_VAR" not in os.environ:
        var = tempfile.mkdtemp(prefix="lodestone-var-")
        (Path(var) / "static").mkdir()
        os.environ["LODESTONE_VAR"] = var
        atexit.register(shutil.rmtree, var, ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = start_postgresql()
    elif os.environ["DATABASE_URL"] == "sqlite":
        del os.environ["DATABASE_URL"]
    if "DATABASE_URL" in os.environ:
        make_roles(os.environ["DATABASE_URL"])
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = start_redis()
