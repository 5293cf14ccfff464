"""Once submitted nothing changes: the database refuses it, and every move that the table of states does not allow."""

from django.db import migrations

from portal.core.guards import triggers
from reporting.states import FILING_MOVES

OPEN = "('draft', 'handed_over')"
FROZEN = (
    "organisation_id period version nil amendment_reason source line_count submitted_at submitted_by_id on_time"
).split()
ONCE = {"sha256": "''", "receipt_no": "NULL"}  # may be given later, never changed
MOVES = ", ".join(
    f"'{before}>{after}'" for before, afters in sorted(FILING_MOVES.items()) for after in sorted(afters)
)
CHILDREN = ("reporting_line", "reporting_explanation")


def changed(different: str) -> str:
    columns = " OR ".join(f"NEW.{column} {different} OLD.{column}" for column in FROZEN)
    once = " OR ".join(
        f"(OLD.{column} {different} {empty} AND NEW.{column} {different} OLD.{column})" for column, empty in ONCE.items()
    )
    return f"(OLD.status NOT IN {OPEN} AND ({columns} OR {once}))"


def moved(different: str) -> str:
    return f"(OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN ({MOVES}))"


POSTGRESQL = [
    f"""
CREATE FUNCTION filing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status NOT IN {OPEN} THEN
            RAISE EXCEPTION 'a submitted filing is never deleted' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF {changed("IS DISTINCT FROM")} THEN
        RAISE EXCEPTION 'a submitted filing never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF {moved("IS DISTINCT FROM")} THEN
        RAISE EXCEPTION 'a filing cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER filing_guard BEFORE UPDATE OR DELETE ON reporting_filing "
    "FOR EACH ROW EXECUTE FUNCTION filing_guard()",
    f"""
CREATE FUNCTION filing_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM touched JOIN reporting_filing ON reporting_filing.id = touched.filing_id
        WHERE reporting_filing.status NOT IN {OPEN}
    ) THEN
        RAISE EXCEPTION 'the content of a submitted filing never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
""",
]
for table in CHILDREN:
    POSTGRESQL += [
        f"CREATE TRIGGER {table}_guard_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()",
        f"CREATE TRIGGER {table}_guard_update_new AFTER UPDATE ON {table} REFERENCING NEW TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()",
        f"CREATE TRIGGER {table}_guard_update_old AFTER UPDATE ON {table} REFERENCING OLD TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()",
        f"CREATE TRIGGER {table}_guard_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched "
        "FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()",
    ]

SQLITE = [
    f"CREATE TRIGGER filing_guard_update BEFORE UPDATE ON reporting_filing WHEN {changed('IS NOT')} "
    "BEGIN SELECT RAISE(ABORT, 'a submitted filing never changes'); END",
    f"CREATE TRIGGER filing_guard_move BEFORE UPDATE ON reporting_filing WHEN {moved('IS NOT')} "
    "BEGIN SELECT RAISE(ABORT, 'a filing cannot make this move'); END",
    f"CREATE TRIGGER filing_guard_delete BEFORE DELETE ON reporting_filing WHEN OLD.status NOT IN {OPEN} "
    "BEGIN SELECT RAISE(ABORT, 'a submitted filing is never deleted'); END",
]
for table in CHILDREN:
    for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        touched = " OR ".join(
            f"(SELECT status FROM reporting_filing WHERE id = {row}.filing_id) NOT IN {OPEN}" for row in rows
        )
        SQLITE.append(
            f"CREATE TRIGGER {table}_guard_{verb.lower()} BEFORE {verb} ON {table} WHEN {touched} "
            "BEGIN SELECT RAISE(ABORT, 'the content of a submitted filing never changes'); END"
        )

UNDO_POSTGRESQL = [
    "DROP TRIGGER filing_guard ON reporting_filing",
    *[
        f"DROP TRIGGER {table}_guard_{what} ON {table}"
        for table in CHILDREN
        for what in ("insert", "update_new", "update_old", "delete")
    ],
    "DROP FUNCTION filing_guard",
    "DROP FUNCTION filing_content_guard",
]
UNDO_SQLITE = [f"DROP TRIGGER filing_guard_{what}" for what in ("update", "move", "delete")] + [
    f"DROP TRIGGER {table}_guard_{what}" for table in CHILDREN for what in ("insert", "update", "delete")
]


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo={"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE})
    ]
