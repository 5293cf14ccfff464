"""Looking changes nothing: GET, HEAD and OPTIONS of every address, for everybody who may, against counters of what was written.

PostgreSQL counts the rows that a transaction wrote, table by table, those undone again too: so the address that writes is named.
In either database the digest of every table at the end must be that of the beginning.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.models import ApiToken, Organisation, User
from portal.audit.models import Event
from portal.config.admin_site import site
from tests import factories
from tests.calling import Caller, token_for
from tests.conftest import with_second_factor
from tests.reporting.filled import just_signed_in
from tests.site.addresses import api_addresses
from tests.site.test_api_access import ENTERPRISE_ROLES, path_of, samples
from tests.site.test_odd_input import ASKED
from tests.site.visitors import Visitor, visits

LOOKS = ("GET", "HEAD", "OPTIONS")
# Sessions and last-use times follow whoever comes; the trail notes who looked at client identities or took a list out.
ASIDE = {"django_session", "usersessions_usersession", "cache"}
ACCESS = ("identity.viewed", "list.exported")
LAST_USE = {ApiToken._meta.db_table: "last_used_at"}


class Ledger:
    """What the database was made to write since it was last asked."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.looks = 0
        self.began, self.at = digests(), self._counts()

    def look(self, client: Any, method: str, url: str, who: str, **headers: Any) -> None:
        """Ask for an address, to the last byte of the answer, and note what that wrote."""
        answer = client.generic(method, url, **headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
        self.looks += 1
        counts = self._counts()
        for table in counts.keys() - ASIDE:
            if counts[table] != self.at.get(table) and not self._may(table):
                self.wrong.append(f"{who}: {method} {url} ({answer.status_code}) wrote {table}")
        self.at = counts

    def finish(self) -> None:
        """Fail with what was written, or where the tables are not as they were."""
        ended = digests()
        self.wrong += [f"{table} is not as it was" for table in ended if ended[table] != self.began[table]]
        assert not self.wrong, "\n".join(self.wrong)

    def _may(self, table: str) -> bool:
        return table in LAST_USE or (
            table == Event._meta.db_table and Event.objects.latest("pk").verb in ACCESS
        )

    def _counts(self) -> dict[str, tuple[int, ...]]:
        if connection.vendor != "postgresql":
            return {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables")
            return {name: tuple(counts) for name, *counts in cursor.fetchall()}


def digests() -> dict[str, str]:
    """A digest of every table, but for what may follow a visitor."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - ASIDE):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            kept = ", ".join(f'"{name}"' for name in columns if name != LAST_USE.get(table))
            where = f"WHERE verb NOT IN {ACCESS}" if table == Event._meta.db_table else ""
            cursor.execute(f"SELECT {kept} FROM {table} {where}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def asked(url: str) -> str:
    """The address with everything that pages can be asked for."""
    return f"{url}?{urlencode(dict.fromkeys(ASKED, '1') | {'format': 'csv', 'lang': 'zh-hans'})}"


@pytest.mark.holds("get-changes-nothing")
def test_no_look_at_a_page_changes_anything(visitors: list[Visitor], two_producers: dict[str, Any]) -> None:
    ledger = Ledger()
    for url, allowed in visits(visitors, two_producers["own"]):
        for person in [*allowed, visitors[1]]:
            ledger.look(person.client, "GET", url, person.name)
        for first in allowed[:1]:
            ledger.look(first.client, "GET", asked(url), first.name)
            for method in LOOKS[1:]:
                ledger.look(first.client, method, url, first.name)
    ledger.finish()
    assert ledger.looks > 300


@pytest.mark.holds("get-changes-nothing")
def test_no_look_at_the_api_changes_anything(two_producers: dict[str, Any], aurora: Organisation) -> None:
    values = samples(aurora, two_producers["own"], "AURORACANARY")
    callers = {}
    for role in ENTERPRISE_ROLES:
        person = with_second_factor(factories.user(f"the-{role}".replace("_", "-"), (aurora, role)))
        callers[role] = Caller(token_for(person))
    ledger = Ledger()
    for address in api_addresses():
        for which in ("filing_id", "filed_id"):
            url = "/api/v1/" + path_of(address, values | {"filing_id": values[which]})
            for role, caller in callers.items():
                for method in LOOKS:
                    ledger.look(caller.client, method, url, role, headers=caller.headers)
    ledger.finish()
    assert ledger.looks > 100


@pytest.mark.holds("get-changes-nothing")
def test_no_look_at_the_stock_admin_changes_anything(two_producers: dict[str, Any], emil: User) -> None:
    User.objects.filter(pk=emil.pk).update(is_superuser=True, is_staff=True)
    client = just_signed_in(User.objects.get(pk=emil.pk))
    ledger = Ledger()
    urls = [reverse("admin:index")]
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        first = model._default_manager.order_by("pk").first()
        urls += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        if first is not None:
            urls += [reverse(f"{name}_{page}", args=[first.pk]) for page in ("change", "history", "delete")]
    for url in urls:
        for method in LOOKS:
            ledger.look(client, method, url, "superuser")
    ledger.finish()
    assert not LogEntry.objects.exists()


def test_what_is_written_is_noticed(aurora: Organisation) -> None:
    """The counters themselves: a page that writes is told by its address, and so is one whose writing is undone."""

    class Writing(Client):
        def generic(self, method: str, path: str, *args: Any, **more: Any) -> Any:
            with transaction.atomic():
                Organisation.objects.filter(pk=aurora.pk).update(name_en="Touched")
                transaction.set_rollback("undone" in path)
            return super().generic(method, "/healthz")

    ledger = Ledger()
    ledger.look(Writing(), "GET", "/writes/undone/", "somebody")
    ledger.look(Writing(), "GET", "/writes/", "somebody")
    with pytest.raises(AssertionError, match=r"accounts_organisation is not as it was"):
        ledger.finish()
    if connection.vendor == "postgresql":
        assert ledger.wrong[:2] == [
            f"somebody: GET {url} (200) wrote accounts_organisation"
            for url in ("/writes/undone/", "/writes/")
        ]
