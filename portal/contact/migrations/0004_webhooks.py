"""Addresses of organisations' own systems that are told of events, and the messages sent to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_api_tokens'),
        ('contact', '0003_questions_say_what_about'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('events', models.CharField(max_length=200)),
                ('secret', models.TextField()),
                ('former_secret', models.TextField(blank=True, default='')),
                ('former_until', models.DateTimeField(null=True)),
                ('form_key', models.CharField(max_length=32, null=True, unique=True)),
                ('created_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('failing_since', models.DateTimeField(null=True)),
                ('disabled_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='accounts.organisation')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('former_secret', ''), ('former_until', None)), models.Q(models.Q(('former_secret', ''), _negated=True), ('former_until__isnull', False)), _connector='OR'), name='webhook_former_secret_paired'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HookMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=30)),
                ('event_id', models.UUIDField()),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('waiting', 'waiting'), ('taken', 'taken'), ('given_up', 'given up')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('fault', models.CharField(blank=True, default='', max_length=30)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='contact.webhook')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['created_at'], name='contact_hoo_created_6347f8_idx')],
                'constraints': [
                    models.UniqueConstraint(fields=('webhook', 'event_id'), name='hook_message_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('next_try_at', None)), _connector='OR'), name='hook_message_waits_for_a_time'),
                ],
            },
        ),
    ]
