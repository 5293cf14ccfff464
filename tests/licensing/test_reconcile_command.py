"""``reconcile-ledger`` finds every figure that was changed behind the ledger's back."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from licensing.models import Declaration, LicenceLine
from licensing.services import declarations
from portal.accounts.models import Organisation
from tests.licensing import issued
from tests.licensing.declared import item


def reconcile() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("reconcile-ledger", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_sound_ledger_adds_up(aurora: Organisation) -> None:
    issued.licence(aurora, licence_no="REL-1")
    declarations.record(by=issued.CUSTOMS, item=item(), door="api")
    assert reconcile() == (0, "1 lines of licences, 2 movements, 0 differences\n")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="switches triggers off as PostgreSQL does")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE licensing_licenceline SET drawn_g = 9", "REL-1/1: drawn is 9, should be 1250"),
        ("UPDATE licensing_licenceline SET ceiling_g = 10001", "REL-1/1: ceiling is 10001, should be 10000"),
        (
            "UPDATE licensing_movement SET grams = 7 WHERE kind = 'draw'",
            "REL-1/1: declared is 7, should be 1250",
        ),
        (
            "DELETE FROM licensing_movement WHERE kind = 'authorise'",
            "REL-1/1: authorised is 10000, should be 0",
        ),
        ("UPDATE licensing_declaration SET quantity_g = 5", "REL-1/1: declared is 1250, should be 5"),
    ],
)
def test_each_change_behind_its_back_is_named(aurora: Organisation, statement: str, told: str) -> None:
    issued.licence(aurora, licence_no="REL-1")
    declarations.record(by=issued.CUSTOMS, item=item(), door="api")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    code, said = reconcile()
    assert code == 1
    assert told in said
    assert (Declaration.objects.count(), LicenceLine.objects.count()) == (1, 1)
