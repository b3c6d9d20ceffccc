"""Indexes that fit their statements: due jobs by lane, and all that is settled, not only `done`."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("deferral", "0002_storage")]

    operations = [
        migrations.RemoveIndex("event", "event_expanded"),
        migrations.RemoveIndex("job", "job_due"),
        migrations.RemoveIndex("job", "job_settled"),
        migrations.AddIndex(
            "event",
            models.Index(
                F("expanded_at"),
                name="event_settled",
                condition=Q(state__in=["expanded", "discarded"]),
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                F("lane"),
                F("next_at"),
                name="job_due",
                condition=Q(state="pending", sent_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                F("settled_at"),
                name="job_settled",
                condition=Q(state__in=["done", "discarded", "expired"]),
            ),
        ),
        migrations.AddIndex(
            "job",
            models.Index(
                F("lane"), name="job_open", condition=Q(state__in=["pending", "running", "dead"])
            ),
        ),
    ]
