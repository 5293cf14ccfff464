"""Typed reading of environment variables that fails loudly and says what to do."""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network


def text(name: str, default: str = "") -> str:
    """The variable, or the default."""
    return os.environ.get(name, default).strip()


def boolean(name: str, default: bool) -> bool:
    """True or False, spelt so; anything else is refused."""
    value = text(name, str(default))
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return value == "True"


def integer(name: str, default: int) -> int:
    """A whole number; anything else is refused."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def secret(name: str) -> str:
    """A secret given as NAME, or as a file named by NAME_FILE (as container secrets are)."""
    path = text(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return text(name)


def is_strong(key: str) -> bool:
    """Whether a key can be random: long, of many characters, and none that a template came with."""
    return (
        len(key) >= 50
        and len(set(key)) >= 16
        and not re.search("insecure|change|secret|example", key, re.IGNORECASE)
    )


def networks(written: str) -> list[Network]:
    """Network addresses and networks (10.0.0.0/8), comma-separated; anything else is refused."""
    try:
        return [ip_network(part.strip()) for part in written.split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES must be addresses or networks like 10.0.0.0/8: {error}."
        ) from error


def kept_secret(path: Path, make: str) -> str:
    """A secret made once on this machine and kept in a file only its owner reads: for the demonstration."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make)
    return path.read_text(encoding="utf-8").strip()


def database(url: str, sqlite_path: Path) -> dict[str, object]:
    """Django's DATABASES entry for DATABASE_URL; SQLite at ``sqlite_path`` where none is given."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parsed = urlparse(url)
    if parsed.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://. Leave it out to use SQLite.")
    return {
        "ENGINE": "portal.core.postgresql",
        "NAME": unquote(parsed.path.lstrip("/")),
        "USER": unquote(parsed.username or ""),
        "PASSWORD": unquote(parsed.password or ""),
        "HOST": parsed.hostname or "",
        "PORT": str(parsed.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": (
                f"-c statement_timeout={integer('STATEMENT_TIMEOUT_MS', 60_000)} "
                "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=120000"
            ),
        },
    }
