"""The short form of ``make fault-test``: PostgreSQL is killed under eight writers, and starts again."""

from __future__ import annotations

import subprocess
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from portal.accounts.models import User
from tests.calling import token_for
from tests.load import database_killed
from tests.load.serving import gunicorn, url_of
from tests.servers import Postgresql, make_roles, program

EACH = 6
pytestmark = [pytest.mark.holds("database-killed"), pytest.mark.postgresql]


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_there_after_the_database_was_killed(alma: User) -> None:
    token = token_for(alma)
    server = Postgresql("synchronous_commit=on")
    server.start()
    make_roles(server.url)
    copy(url_of(connection), server.url)
    with gunicorn(server.url, settings.REDIS_URL) as address:
        seen, _figures = database_killed.measure(address, token, server, EACH)
    with closing(psycopg2.connect(server.url)) as after, after.cursor() as cursor:
        cursor.execute("SELECT code FROM registry_product")
        there = {code for (code,) in cursor.fetchall()}
    server.end()
    assert database_killed.broken(seen, there, EACH) == []


def copy(source: str, target: str) -> None:
    """The tables of these tests, with what stands in them, in a server of their own."""
    taken = subprocess.run([program("pg_dump"), "--dbname", source], check=True, capture_output=True)
    put = [program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", target]
    subprocess.run(put, check=True, capture_output=True, input=taken.stdout)
