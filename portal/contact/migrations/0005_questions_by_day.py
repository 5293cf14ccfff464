"""What is asked and answered is listed by its day at once, however much there is."""

from django.db import migrations, models

from portal.core.indexes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contact", "0004_webhooks")]
    operations = [
        AddIndexBeside("question", models.Index(fields=["due_on", "id"], name="question_by_day")),
        AddIndexBeside(
            "answer",
            models.Index(condition=models.Q(("from_regulator", False)), fields=["at"], name="answer_by_time"),
        ),
    ]
