"""What beat remembers of the schedules that staff edit."""

from django.db import models


class Schedule(models.Model):
    """What beat remembers of one schedule. When it comes is said by django-celery-beat's row.

    `counted_from` is its last tick, or the moment since which it is as it is: the next tick is
    computed from it. `meaning` is what it was then, "" while it is off, and tells an edit. Each
    time the clock was found set back counts in `set_back`, and is part of the keys since then.
    """

    class Missed(models.TextChoices):
        ONCE = "once", "make up for all of them once"
        EACH = "each", "make up for each, the latest hundred"
        SKIP = "skip", "leave them out"

    form = models.OneToOneField(
        "django_celery_beat.PeriodicTask", models.CASCADE, primary_key=True, related_name="kept"
    )
    missed = models.CharField(max_length=4, choices=Missed, default=Missed.ONCE)
    counted_from = models.DateTimeField(null=True)
    meaning = models.CharField(max_length=64, blank=True, default="")
    set_back = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.form)
