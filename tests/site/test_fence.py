"""The second fence: with every filter of the application taken out, PostgreSQL still shows nothing of another's.

On SQLite there is none: see ``conftest.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.shortcuts import get_object_or_404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Organisation, User
from portal.audit.models import Event, Seal
from portal.audit.services import record
from portal.config.fences import FENCES
from portal.core import fence, fencing
from portal.core.fence import Scope
from portal.core.fencing import Open, Owned, Personal, Through
from portal.core.health import readiness
from portal.registry.models import Counterparty, Product
from reporting.checks.columns import NA, SCHEMA
from reporting.models import Filing, Kind, Line
from reporting.services import lines
from tests.as_web import web_role
from tests.conftest import acting, signed_in
from tests.site.test_repository import ROOT, tracked

row_level_security = pytest.mark.holds("row-level-security")
FENCED = sorted(label for label, one in FENCES.items() if not isinstance(one, Open))


@pytest.fixture
def seen_by() -> Iterator[Callable[[Scope], None]]:
    """As the web's role; the call says whose request it is."""
    with transaction.atomic(), web_role():
        yield fence.enter
        fence.enter(fence.STRANGER)


def table_of(label: str) -> str:
    return apps.get_model(label)._meta.db_table


@row_level_security
def test_every_table_says_whose_it_is() -> None:
    models_there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert models_there - FENCES.keys() == set(), "portal/config/fences.py: one line for each table"
    assert FENCES.keys() - models_there == set()


@row_level_security
def test_no_table_stands_in_the_database_without_a_line(db: None) -> None:
    declared = {table_of(label) for label in FENCES}
    assert set(connection.introspection.table_names()) - declared <= {"django_migrations", "cache"}


@row_level_security
def test_the_policies_stand_as_declared(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, cmd FROM pg_policies")
        standing = set(cursor.fetchall())
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert standing == {(table, name, verb) for table, name, verb, _ in fencing.policies()}
    assert secured == {table_of(label) for label in FENCED}
    assert fencing.draw() == []  # drawn again, nothing differs


@row_level_security
def test_a_changed_declaration_is_drawn_anew(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FENCES, "registry.Lot", Open("tried"))
    monkeypatch.setitem(FENCES, "registry.Product", Owned(person="id"))
    assert fencing.draw() == ["fenced registry_product"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE tablename IN ('registry_lot', 'registry_product')"
        )
        assert cursor.fetchall() == [("registry_product",)]
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'registry_lot'")
        assert cursor.fetchall() == [(False,)]


@row_level_security
def test_the_web_is_bound_and_workers_and_owner_are_not(db: None) -> None:
    assert not fencing.binds()
    with web_role():
        assert fencing.binds()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname LIKE 'lodestone_w%'"
        )
        assert sorted(cursor.fetchall()) == [
            (fencing.WEB, False, False, False, False),
            (fencing.WORKER, False, True, False, False),
        ]


@row_level_security
def test_in_production_an_unbound_web_is_not_ready(db: None, settings: Any) -> None:
    assert readiness().fence
    settings.PRODUCTION = True
    assert not readiness().fence
    assert Client().get("/readyz").json()["fence"]  # served as the web's role
    with web_role():
        assert readiness().fence


@row_level_security
def test_without_any_filter_nothing_of_anothers_is_shown(
    two_producers: dict[str, Any], aurora: Organisation, borealis: Organisation, seen_by: Any
) -> None:
    wrong = []
    for label in FENCED:
        rows = apps.get_model(label)._base_manager
        seen_by(Scope(office="regulator"))
        owners = {row.pk: owner_of(row) for row in rows.all()}
        for mine, other in ((aurora.pk, borealis.pk), (borealis.pk, aurora.pk)):
            seen_by(Scope(organisation=mine))
            shown = {row.pk for row in rows.all()}
            wrong += [(label, pk, "shown") for pk in shown if owners[pk] == other]
            wrong += [
                (label, pk, "hidden") for pk, owner in owners.items() if owner == mine and pk not in shown
            ]
    assert not wrong


def owner_of(row: models.Model) -> int | None:
    """Whose a row is, found by way of Django's relations and not by the policies."""
    declared = FENCES[row._meta.label]
    if isinstance(declared, Owned):
        return getattr(row, declared.by)
    if isinstance(declared, Through):
        return owner_of(apps.get_model(declared.parent)._base_manager.get(pk=getattr(row, declared.by)))
    return None


@row_level_security
def test_the_world_of_the_tests_holds_rows_of_both_in_what_matters(two_producers: dict[str, Any]) -> None:
    filled = {
        label
        for label in FENCED
        if len({owner_of(row) for row in apps.get_model(label)._base_manager.all()}) > 1
    }
    assert {
        "accounts.ApiToken", "accounts.Invitation", "accounts.Membership", "contact.Document", "contact.Question", "core.Job",
        "registry.Counterparty", "registry.Product", "reporting.Extension", "reporting.Filing", "reporting.Finding", "reporting.Line",
        "reporting.Obligation", "reporting.Upload",
    } <= filled  # fmt: skip


@row_level_security
def test_who_says_nothing_sees_nothing(two_producers: dict[str, Any], seen_by: Any) -> None:
    seen_by(fence.STRANGER)
    shown = {label: list(apps.get_model(label)._base_manager.all()) for label in FENCED}
    offices = {row.kind for row in shown.pop("accounts.Organisation")}  # these are known to everybody
    assert offices == {"regulator"}
    assert not [label for label, rows in shown.items() if rows]


@row_level_security
def test_rows_of_another_can_be_neither_made_nor_changed_nor_taken_away(
    two_producers: dict[str, Any], aurora: Organisation, borealis: Organisation, seen_by: Any
) -> None:
    theirs = two_producers["other"]
    seen_by(Scope(organisation=aurora.pk))
    assert Filing.objects.filter(pk=theirs["filing_id"]).update(nil=True) == 0
    assert Line.objects.filter(filing_id=theirs["filing_id"]).delete()[0] == 0
    refused = (
        lambda: Counterparty.objects.create(organisation=borealis, code="X", name="x", country="DE"),
        lambda: Counterparty.objects.filter(organisation=aurora).update(organisation=borealis),
        lambda: Line.objects.create(filing_id=theirs["filing_id"], line_no=99, kind=Kind.SOLD),
        lambda: Line.objects.update(filing_id=theirs["filing_id"]),
    )
    for attempt in refused:
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            attempt()
    seen_by(Scope(organisation=borealis.pk))
    assert Line.objects.filter(filing_id=theirs["filing_id"]).exists()


@row_level_security
def test_a_page_whose_query_forgot_whose_it_is_shows_nothing(
    two_producers: dict[str, Any], aurora: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.registry.views import products

    monkeypatch.setattr(products.queries, "product_of", lambda actor, pk: get_object_or_404(Product, pk=pk))
    alma = User.objects.get(username="alma")
    assert signed_in(alma).get(f"/products/{two_producers['own']['product_id']}/").status_code == 200
    assert signed_in(alma).get(f"/products/{two_producers['other']['product_id']}/").status_code == 404


@row_level_security
def test_nothing_is_left_for_the_next_request(two_producers: dict[str, Any], aurora: Organisation) -> None:
    seen: list[int] = []

    def look(*names: str) -> int:
        response = (
            signed_in(User.objects.get(username=names[0])).get("/products/")
            if names
            else Client().get("/verify/")
        )
        with web_role():
            fence.enter(fence.STRANGER)  # as the next request begins, on the same connection
            seen.append(Product.objects.count())
        return response.status_code

    assert (look("alma"), look("carla"), look()) == (200, 200, 200)
    assert seen == [0, 0, 0]


def undone(act: Callable[[], None]) -> None:
    """The server takes back what it was told inside."""
    with transaction.atomic():
        act()
        assert Product.objects.exists()
        transaction.set_rollback(True)


@row_level_security
def test_a_rollback_does_not_bring_back_whom_the_request_before_served(
    two_producers: dict[str, Any], aurora: Organisation, borealis: Organisation, seen_by: Any
) -> None:
    seen_by(Scope(organisation=aurora.pk))
    assert {row.organisation_id for row in Product.objects.all()} == {aurora.pk}
    undone(lambda: seen_by(Scope(organisation=borealis.pk)))
    assert {row.organisation_id for row in Product.objects.all()} == {borealis.pk}
    seen_by(fence.STRANGER)
    undone(lambda: seen_by(Scope(organisation=borealis.pk)))
    seen_by(fence.STRANGER)
    assert not Product.objects.exists()


@row_level_security
def test_telling_whose_rows_costs_no_query(
    two_producers: dict[str, Any], aurora: Organisation, seen_by: Any
) -> None:
    with CaptureQueriesContext(connection) as asked:
        for scope in (Scope(organisation=aurora.pk), Scope(office="regulator"), fence.STRANGER):
            seen_by(scope)
            Product.objects.exists()
    assert len(asked) == 3


@row_level_security
def test_lifting_ends_with_its_block(two_producers: dict[str, Any], seen_by: Any) -> None:
    seen_by(fence.STRANGER)
    with fence.lifted(reason="tried"):
        assert Product.objects.exists()
    assert not Product.objects.exists()


LIFTED = {
    "portal/accounts/api.py": 1, "portal/accounts/backends.py": 1, "portal/accounts/sessions.py": 1,
    "portal/accounts/queries/people.py": 2, "portal/accounts/queries/requests.py": 1,
    "portal/accounts/queries/sandboxes.py": 1, "portal/accounts/services/sandboxes.py": 1,
    "portal/accounts/services/enrolments.py": 1, "portal/accounts/services/invitations.py": 1,
    "portal/accounts/services/recoveries.py": 1, "portal/accounts/validators.py": 1, "portal/audit/services/events.py": 2,
    "licensing/queries/clocks.py": 1, "licensing/queries/evidence.py": 1, "licensing/services/evidence.py": 1,
    "licensing/services/screening.py": 1, "portal/public/queries/verification.py": 2, "reporting/views/obligations.py": 1,
}  # fmt: skip


@row_level_security
def test_the_fence_is_lifted_where_this_says_and_nowhere_else() -> None:
    found: dict[str, int] = {}
    for path in tracked(".py"):
        name = str(path.relative_to(ROOT))
        if name.startswith("tests/"):
            continue
        for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "fence.lifted":
                found[name] = found.get(name, 0) + 1
    assert found == LIFTED


FORBIDDEN = [
    "UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event", "UPDATE audit_seal SET digest = ''",
    "DELETE FROM audit_seal", "DROP TABLE audit_event", "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "ALTER TABLE reporting_filing DISABLE ROW LEVEL SECURITY", "DROP POLICY own ON reporting_filing", "DROP TABLE reporting_filing",
    "TRUNCATE reporting_line", "CREATE TABLE mine (n int)", "SET session_replication_role = replica", "DELETE FROM django_migrations",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
]  # fmt: skip


def execute_as(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)


@pytest.mark.holds("web-role-cannot-touch-trail")
@pytest.mark.parametrize("role", [fencing.WEB, fencing.WORKER])
def test_neither_role_can_touch_the_trail_or_the_tables(role: str, alma: User) -> None:
    record("tried", by=acting(alma))
    for statement in FORBIDDEN:
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            execute_as(role, statement)
    assert Event.objects.filter(verb="tried").count() == 1


@pytest.mark.holds("web-role-cannot-touch-trail")
def test_the_web_cannot_seal(db: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), web_role():
        Seal.objects.create(sequence=1, event_id=1, digest=b"")


@row_level_security
def test_lines_are_copied_by_way_of_a_table_of_ones_own(
    two_producers: dict[str, Any], aurora: Organisation, borealis: Organisation, seen_by: Any
) -> None:
    mine, theirs = two_producers["own"]["filing_id"], two_producers["other"]["filing_id"]
    seen_by(Scope(organisation=aurora.pk))
    for first in (100, 200):
        assert lines.insert_lines(frame(mine, first)) == 50
    assert Line.objects.filter(filing_id=mine, line_no__gte=100).count() == 100
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        lines.insert_lines(frame(theirs, 100))


def frame(filing_id: int, first: int) -> pd.DataFrame:
    """Fifty lines that say nothing, with the columns of the contract."""
    count = 50
    columns: dict[str, Any] = {}
    for name, kind in SCHEMA["lines"].items():
        if kind == "text":
            columns[name] = pd.Categorical([None] * count)
        else:
            columns[name] = pd.Series([NA] * count, dtype="int64")
    columns["filing_id"] = pd.Series([filing_id] * count, dtype="int64")
    columns["line_no"] = pd.Series(range(first, first + count), dtype="int64")
    columns["kind"] = pd.Series([int(Kind.SOLD)] * count, dtype="int64")
    return pd.DataFrame(columns)


@row_level_security
def test_a_persons_own_rows_are_theirs_wherever_they_act(alma: User, bruno: User, seen_by: Any) -> None:
    assert isinstance(FENCES["reporting.SavedView"], Personal)
    seen_by(Scope(person=alma.pk))
    views = apps.get_model("reporting.SavedView").objects
    views.create(user=alma, listing="findings", name="mine", query="")
    seen_by(Scope(person=bruno.pk))
    assert not views.exists()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        views.create(user=alma, listing="findings", name="not mine", query="")


@row_level_security
def test_superusers_and_officers_see_everything_and_customs_its_own(
    gus: User, dora: User, nina: User
) -> None:
    assert Scope.of(acting(dora)).office == "regulator"
    assert Scope.of(acting(gus)).office == "customs"
    assert Scope.of(acting(nina)) == Scope(person=nina.pk)
    nina.is_superuser = True
    assert Scope.of(acting(nina)).office == "regulator"
