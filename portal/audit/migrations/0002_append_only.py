"""The trail is append-only: the database refuses to change or delete an event or a seal."""

from django.db import migrations

from portal.core.guards import triggers

TABLES = ("audit_event", "audit_seal")

FUNCTION = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        triggers(
            postgresql=[FUNCTION]
            + [
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
                for table in TABLES
            ],
            sqlite=[
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
                for table in TABLES
                for verb in ("UPDATE", "DELETE")
            ],
            undo={
                "postgresql": [f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES]
                + ["DROP FUNCTION audit_refuse"],
                "sqlite": [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")],
            },
        )
    ]
