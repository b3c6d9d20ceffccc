"""An index of the joins that have not gone out, which are few, among those that wait."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("deferral", "0004_cause")]

    operations = [
        migrations.AddIndex(
            "job",
            models.Index(
                F("id"), name="job_join", condition=Q(state="waiting", sent_at__isnull=True)
            ),
        ),
    ]
