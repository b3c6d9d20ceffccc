"""What a dead row died of, as a column: dead letters are grouped by it, however many there are.

The one index that changes holds dead rows only, so that no order pays for it.
"""

from django.db import migrations, models
from django.db.models import Q

OLD_CAUSES = """
UPDATE deferral_{table} SET cause = left(coalesce(errors->-1->>'class', ''), 120)
WHERE state = 'dead'
"""


def cause() -> models.CharField:
    return models.CharField(max_length=120, blank=True, db_default="")


class Migration(migrations.Migration):
    dependencies = [("deferral", "0003_indexes")]

    operations = [
        migrations.AddField("job", "cause", cause()),
        migrations.AddField("event", "cause", cause()),
        migrations.RunSQL(OLD_CAUSES.format(table="job"), migrations.RunSQL.noop),
        migrations.RunSQL(OLD_CAUSES.format(table="event"), migrations.RunSQL.noop),
        migrations.RemoveIndex("job", "job_dead"),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["task", "cause", "id"],
                include=["settled_at"],
                name="job_dead",
                condition=Q(state="dead"),
            ),
        ),
    ]
