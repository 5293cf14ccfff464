"""A rule has versions: each with its dates, by whom and why; what it said never changes and no version is ever deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from portal.core.guards import triggers

TABLE = "licensing_routingrule"
WORDS = "what a rule says never changes; it gets a later version"
FIXED = ("code", "version", "queue_id", "flag", "wants", "position", "valid_from", "reason", "made_at", "made_by_id")


def differs(operator: str, cast: str = "") -> str:
    columns = (f"{column}{cast}" if column == "wants" else column for column in FIXED)
    return " OR ".join(f"NEW.{column} {operator} OLD.{column}" for column in columns)


POSTGRESQL = [
    f"""
CREATE FUNCTION routing_rule_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR {differs("IS DISTINCT FROM", "::text")} THEN
        RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    f"CREATE TRIGGER {TABLE}_guard BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION routing_rule_guard()",
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_guard_update BEFORE UPDATE ON {TABLE} WHEN {differs('IS NOT')} "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    f"CREATE TRIGGER {TABLE}_guard_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
]
UNDO = {
    "postgresql": [f"DROP TRIGGER {TABLE}_guard ON {TABLE}", "DROP FUNCTION routing_rule_guard"],
    "sqlite": [f"DROP TRIGGER {TABLE}_guard_update", f"DROP TRIGGER {TABLE}_guard_delete"],
}


def room(apps, schema_editor):
    """Between any two rules there is room for others."""
    rules = apps.get_model("licensing", "RoutingRule").objects.using(schema_editor.connection.alias)
    rules.update(position=F("position") * 100)


def no_room(apps, schema_editor):
    rules = apps.get_model("licensing", "RoutingRule").objects.using(schema_editor.connection.alias)
    rules.update(position=F("position") / 100)


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0032_earlier_suspensions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='routingrule',
            options={'ordering': ['position', 'code', 'version']},
        ),
        migrations.AddField(
            model_name='routing',
            name='rule_version',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='flag',
            field=models.CharField(blank=True, choices=[('watch_list', 'A party looks like one on a watch list'), ('end_use_ban', 'A ban by end use may apply'), ('assay_missing', 'An assay that decides is missing'), ('not_controlled', 'Nothing in it is controlled'), ('no_general', 'No general licence may be given to a party'), ('suspended_list', 'A suspended instrument would control it'), ('closer_look', 'A rule asks for a closer look'), ('list_changed', 'The list now judges a good otherwise than at submission')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name='flag',
            name='code',
            field=models.CharField(choices=[('watch_list', 'A party looks like one on a watch list'), ('end_use_ban', 'A ban by end use may apply'), ('assay_missing', 'An assay that decides is missing'), ('not_controlled', 'Nothing in it is controlled'), ('no_general', 'No general licence may be given to a party'), ('suspended_list', 'A suspended instrument would control it'), ('closer_look', 'A rule asks for a closer look'), ('list_changed', 'The list now judges a good otherwise than at submission')], max_length=20),
        ),
        migrations.AlterField(
            model_name='routingrule',
            name='code',
            field=models.CharField(max_length=30),
        ),
        migrations.AlterField(
            model_name='routingrule',
            name='queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='licensing.queue'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.UniqueConstraint(models.F('code'), models.F('version'), name='routing_rule_version_once'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('flag', ''), ('queue__isnull', False)), models.Q(('queue', None), models.Q(('flag', ''), _negated=True)), _connector='OR'), name='routing_rule_queues_or_flags'),
        ),
        migrations.RunPython(room, no_room),
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo=UNDO),
    ]
