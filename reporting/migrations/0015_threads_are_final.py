"""What a submitted filing says of its lots never changes; and every line of a lot is found by its number."""

from django.db import migrations, models

from portal.core.guards import triggers
from portal.core.indexes import AddIndexBeside

OPEN = "('draft', 'handed_over')"
TABLE = "reporting_filedsource"
TOUCHED = {"insert": "NEW", "update_new": "NEW", "update_old": "OLD", "delete": "OLD"}
POSTGRESQL = [
    f"CREATE TRIGGER {TABLE}_guard_{name} AFTER {name.split('_')[0].upper()} ON {TABLE} "
    f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION filing_content_guard()"
    for name, rows in TOUCHED.items()
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_guard_{name} BEFORE {name.split('_')[0].upper()} ON {TABLE} "
    f"WHEN (SELECT status FROM reporting_filing WHERE id = {rows}.filing_id) NOT IN {OPEN} "
    "BEGIN SELECT RAISE(ABORT, 'the content of a submitted filing never changes'); END"
    for name, rows in TOUCHED.items()
]
UNDO = {
    "postgresql": [f"DROP TRIGGER {TABLE}_guard_{name} ON {TABLE}" for name in TOUCHED],
    "sqlite": [f"DROP TRIGGER {TABLE}_guard_{name}" for name in TOUCHED],
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reporting", "0014_what_a_lot_was_made_from")]
    operations = [
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo=UNDO),
        AddIndexBeside(
            "line",
            models.Index(condition=~models.Q(("batch", "")), fields=["batch"], name="line_of_lot"),
        ),
    ]
