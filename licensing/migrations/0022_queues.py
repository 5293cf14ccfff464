"""The queues and rules of an office that begins: each a row that its administrator may change."""

from django.db import migrations

QUEUES = [
    ("watch", "Parties on a watch list", "关注名单相关"),
    ("follow_up", "Renewals and amendments", "延续与变更"),
    ("general", "General licences", "通用许可"),
    ("no_licence", "Probably needing no licence", "可能无需许可"),
    ("individual", "Individual licences", "单项许可"),
]
RULES = [
    ("listed_party", "watch", {"flag": ["watch_list", "no_general", "end_use_ban"]}),
    ("nothing_controlled", "no_licence", {"flag": ["not_controlled"]}),
    ("renewal_or_amendment", "follow_up", {"purpose": ["renewal", "amendment"]}),
    ("general", "general", {"kind": ["general"]}),
    ("all_others", "individual", {}),
]


def forward(apps, schema_editor):
    alias = schema_editor.connection.alias
    queue, rule = apps.get_model("licensing", "Queue"), apps.get_model("licensing", "RoutingRule")
    for position, (code, name_en, name_zh) in enumerate(QUEUES):
        queue.objects.using(alias).create(code=code, name_en=name_en, name_zh=name_zh, position=position)
    for position, (code, to, wants) in enumerate(RULES):
        rule.objects.using(alias).create(code=code, queue_id=to, wants=wants, position=position)


def backward(apps, schema_editor):
    apps.get_model("licensing", "RoutingRule").objects.using(schema_editor.connection.alias).all().delete()
    apps.get_model("licensing", "Queue").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("licensing", "0021_a_case_keeps_its_history")]
    operations = [migrations.RunPython(forward, backward)]
