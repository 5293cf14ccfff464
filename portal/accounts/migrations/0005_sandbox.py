"""An enterprise may have a sandbox, and tokens that act there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_throttles_and_names_however_spelt'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='sandbox',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='organisation',
            name='sandbox_of',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sandbox', to='accounts.organisation'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('enterprise', 'enterprise'), ('regulator', 'regulator'), ('customs', 'customs'), ('sandbox', 'sandbox')], default='enterprise', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sandbox'), ('sandbox_of__isnull', False), ('uscc', None)), models.Q(models.Q(('kind', 'sandbox'), _negated=True), ('sandbox_of', None)), _connector='OR'), name='organisation_sandbox_paired'),
        ),
    ]
