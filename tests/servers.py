"""Real servers for the tests: a PostgreSQL and a Redis of our own on free ports, in folders that vanish.

A pytest plugin (``-p tests.servers``), because Django reads its settings before any fixture runs. ``DATABASE_URL`` and
``REDIS_URL`` override. What is missing on the machine is said plainly.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2


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


def start_postgresql() -> str:
    """A fresh cluster without durability (it lives for the run only); its URL."""
    folder = Path(tempfile.mkdtemp(prefix="lodestone-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    initdb = [
        program("initdb"),
        "-D",
        str(data),
        "-U",
        "lodestone",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    subprocess.run(_as_postgres(initdb), **run)
    options = (
        f"-p {port} -k {folder} -h 127.0.0.1 -c max_connections=400 -c fsync=off -c synchronous_commit=off"
        " -c full_page_writes=off"
        " -c log_error_verbosity=terse -c log_min_error_statement=panic"  # as in docker-compose.yml
    )
    log = folder / "log"
    control = program("pg_ctl")
    subprocess.run(
        _as_postgres([control, "-D", str(data), "-w", "-l", str(log), "-o", options, "start"]), **run
    )

    def stop() -> None:
        subprocess.run(
            _as_postgres([control, "-D", str(data), "-m", "immediate", "stop"]), **{**run, "check": False}
        )
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://lodestone@127.0.0.1:{port}/postgres"


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


def start_redis() -> str:
    """A Redis that keeps nothing; its URL."""
    folder, port = tempfile.mkdtemp(prefix="lodestone-redis-"), free_port()
    command = [
        program("redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        folder,
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop() -> None:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"redis://127.0.0.1:{port}/0"


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
