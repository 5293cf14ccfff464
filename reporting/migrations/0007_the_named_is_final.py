"""What a submitted filing names never changes, nor the codes by which its lines name it."""

from django.db import migrations

from portal.core.guards import triggers

OPEN = "('draft', 'handed_over')"
CHILDREN = ("reporting_filedparty", "reporting_filedproduct")
REGISTERS = {  # register -> what keeps its rows with a filing, and by which column
    "registry_counterparty": ("reporting_filedparty", "counterparty_id"),
    "registry_product": ("reporting_filedproduct", "product_id"),
}
SAYS = "the code of what a submitted filing names never changes"
TOUCHED = {"insert": "NEW", "update_new": "NEW", "update_old": "OLD", "delete": "OLD"}

POSTGRESQL, SQLITE = [], []
UNDO_POSTGRESQL, UNDO_SQLITE = [], []
for table in CHILDREN:
    for name, rows in TOUCHED.items():
        POSTGRESQL.append(
            f"CREATE TRIGGER {table}_guard_{name} AFTER {name.split('_')[0].upper()} ON {table} "
            f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()"
        )
        UNDO_POSTGRESQL.append(f"DROP TRIGGER {table}_guard_{name} ON {table}")
        SQLITE.append(
            f"CREATE TRIGGER {table}_guard_{name} BEFORE {name.split('_')[0].upper()} ON {table} "
            f"WHEN (SELECT status FROM reporting_filing WHERE id = {rows}.filing_id) NOT IN {OPEN} "
            "BEGIN SELECT RAISE(ABORT, 'the content of a submitted filing never changes'); END"
        )
        UNDO_SQLITE.append(f"DROP TRIGGER {table}_guard_{name}")
for register, (kept, column) in REGISTERS.items():
    SQLITE.append(
        f"CREATE TRIGGER {register}_code_guard BEFORE UPDATE OF code ON {register} "
        f"WHEN OLD.code IS NOT NEW.code AND EXISTS (SELECT 1 FROM {kept} WHERE {column} = OLD.id) "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    UNDO_SQLITE.append(f"DROP TRIGGER {register}_code_guard")
    POSTGRESQL += [
        f"""
CREATE FUNCTION {register}_code_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM {kept} WHERE {column} = OLD.id) THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
        f"CREATE TRIGGER {register}_code_guard BEFORE UPDATE OF code ON {register} FOR EACH ROW "
        f"WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION {register}_code_guard()",
    ]
    UNDO_POSTGRESQL += [f"DROP TRIGGER {register}_code_guard ON {register}", f"DROP FUNCTION {register}_code_guard"]


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_what_a_filing_names")]
    operations = [
        triggers(
            postgresql=POSTGRESQL, sqlite=SQLITE, undo={"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE}
        )
    ]
