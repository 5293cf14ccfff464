"""What a later list says of cases and licences: noted once, never changed; likenesses of licences that nobody applied for here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.guards import triggers

TABLE = "licensing_rejudgement"
POSTGRESQL = [
    f"CREATE TRIGGER {TABLE}_guard BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION case_history_guard()"
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_guard_{verb.lower()} BEFORE {verb} ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the history of a case only grows'); END"
    for verb in ("UPDATE", "DELETE")
]
UNDO = {
    "postgresql": [f"DROP TRIGGER {TABLE}_guard ON {TABLE}"],
    "sqlite": [f"DROP TRIGGER {TABLE}_guard_{verb}" for verb in ("update", "delete")],
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_sandbox'),
        ('licensing', '0022_queues'),
        ('registry', '0004_watch_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='flag',
            name='code',
            field=models.CharField(choices=[('watch_list', 'A party looks like one on a watch list'), ('end_use_ban', 'A ban by end use may apply'), ('assay_missing', 'An assay that decides is missing'), ('not_controlled', 'Nothing in it is controlled'), ('no_general', 'No general licence may be given to a party'), ('suspended_list', 'A suspended instrument would control it'), ('list_changed', 'The list now judges a good otherwise than at submission')], max_length=20),
        ),
        migrations.CreateModel(
            name='LicenceHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(max_length=300)),
                ('score', models.PositiveSmallIntegerField()),
                ('why', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=300)),
                ('found_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'to look at'), ('cleared', 'somebody else'), ('confirmed', 'the same party')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, default='', verbose_name='reason')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.watchentry')),
                ('licence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='licensing.licence')),
            ],
            options={
                'ordering': ['-score', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('licence', 'party', 'entry'), name='licence_hit_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='licence_hit_decided_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Rejudgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.PositiveIntegerField()),
                ('list_version', models.PositiveIntegerField()),
                ('on', models.DateField()),
                ('verdict_before', models.CharField(max_length=20)),
                ('codes_before', models.CharField(blank=True, default='', max_length=400)),
                ('verdict_after', models.CharField(max_length=20)),
                ('codes_after', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rejudgements', to='licensing.application')),
                ('licence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rejudgements', to='licensing.licence')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['list_version', 'on'], name='licensing_r_list_ve_e965e1_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('application__isnull', False), ('licence', None)), models.Q(('application', None), ('licence__isnull', False)), _connector='OR'), name='rejudgement_of_a_case_or_a_licence')],
            },
        ),
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo=UNDO),
    ]
