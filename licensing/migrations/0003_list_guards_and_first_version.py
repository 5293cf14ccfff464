"""A published version of the list never changes; version 1 is loaded from the product's own files."""

from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

from django.db import migrations

from licensing.domain.classification import list_rows, reference_codes
from licensing.states import LIST_MOVES
from portal.core.guards import triggers

VERSIONS = "licensing_listversion"
ROWS = ("instrument", "suspension", "entry", "referencecode", "threshold", "regime", "customsmeaning")
SAYS = "a published version of the control list never changes"
MOVES = ", ".join(f"'{before}>{after}'" for before, afters in sorted(LIST_MOVES.items()) for after in sorted(afters))
FINAL = "OLD.state <> 'draft'"
MOVED = f"(OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({MOVES}))"
FOUND = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}

POSTGRESQL = [
    f"""
CREATE FUNCTION list_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {FINAL} THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF {MOVED} THEN
        RAISE EXCEPTION 'a version cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    f"CREATE TRIGGER list_version_guard BEFORE UPDATE OR DELETE ON {VERSIONS} FOR EACH ROW "
    "EXECUTE FUNCTION list_version_guard()",
    f"""
CREATE FUNCTION list_row_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = OLD.version_id AND state <> 'draft') THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM {VERSIONS} WHERE id = NEW.version_id AND state <> 'draft') THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
""",
]
SQLITE = [
    f"CREATE TRIGGER list_version_guard_update BEFORE UPDATE ON {VERSIONS} WHEN {FINAL} OR {MOVED} "
    f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    f"CREATE TRIGGER list_version_guard_delete BEFORE DELETE ON {VERSIONS} WHEN {FINAL} "
    f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
]
UNDO_POSTGRESQL = [f"DROP TRIGGER list_version_guard ON {VERSIONS}", "DROP FUNCTION list_version_guard"]
UNDO_SQLITE = ["DROP TRIGGER list_version_guard_update", "DROP TRIGGER list_version_guard_delete"]
for row in ROWS:
    table = f"licensing_{row}"
    POSTGRESQL.append(
        f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        "EXECUTE FUNCTION list_row_guard()"
    )
    UNDO_POSTGRESQL.append(f"DROP TRIGGER {table}_guard ON {table}")
    for event, sides in FOUND.items():
        final = " OR ".join(f"(SELECT state FROM {VERSIONS} WHERE id = {side}.version_id) <> 'draft'" for side in sides)
        SQLITE.append(
            f"CREATE TRIGGER {table}_guard_{event} BEFORE {event.upper()} ON {table} WHEN {final} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        UNDO_SQLITE.append(f"DROP TRIGGER {table}_guard_{event}")
UNDO_POSTGRESQL.append("DROP FUNCTION list_row_guard")


def load(apps, schema_editor):
    """Version 1, published by nobody: the announcements as far as they are known, each row with its evidence."""
    get = lambda name: apps.get_model("licensing", name).objects.using(schema_editor.connection.alias)  # noqa: E731
    if get("ListVersion").exists():
        return
    tables = list_rows.read_folder(Path(__file__).resolve().parents[1] / "data")
    moment = datetime(2026, 6, 17, tzinfo=timezone.utc)  # the day up to which the sources were read
    version = get("ListVersion").create(state="draft", created_at=moment)
    own = {"version": version}
    instruments = {row["code"]: get("Instrument").create(**own, **filled(row)) for row in tables["instruments"]}

    def put(model, rows):
        kind = apps.get_model("licensing", model)
        return get(model).bulk_create(kind(**own, **row) for row in rows)

    acts = [filled(row) | {"instrument": instruments[row["instrument"]], "by": instruments[row["by"]]} for row in tables["suspensions"]]
    put("Suspension", acts)
    named = [filled(row) | {"instrument": instruments[row["instrument"]]} for row in tables["entries"]]
    codes = [reference_codes.parse(row.pop("reference_hs")) for row in named]
    entries = put("Entry", named)
    put(
        "ReferenceCode",
        [
            {"entry": entry, "hs_code": code.hs_code, "valid_from": code.valid_from, "valid_until": code.valid_until}
            for entry, dated in zip(entries, codes)
            for code in dated
        ],
    )
    settings = [filled(row) for row in tables["thresholds"]]
    put("Threshold", [row | {"content_upct": int(Decimal(row.pop("content_pct")) * 1_000_000)} for row in settings])
    put("Regime", map(filled, tables["regimes"]))
    put("CustomsMeaning", map(filled, tables["customs_meanings"]))
    version.state, version.number, version.published_at = "published", 1, moment
    version.note, version.sha256 = "Version 1", list_rows.digest(tables)
    version.save()


DATES = {"published_on", "effective_on", "repealed_on", "from_on", "until_on", "valid_from", "valid_until"}
TRUTHS = {"end_confirmed", "combined", "last_day_inclusive", "rare_earth"}


def filled(row):
    """The row's values as fields: dates that are empty are none, ``true`` is True."""
    return {
        name: (text or None) if name in DATES else text == "true" if name in TRUTHS else text
        for name, text in row.items()
    }


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_control_list")]
    operations = [
        triggers(
            postgresql=POSTGRESQL, sqlite=SQLITE, undo={"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE}
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
