"""What is known of everybody outside whom we ask or tell something."""

from django.db import models
from django.db.models.functions import Now


class Breaker(models.Model):
    """What is known of one external service, and whether its breaker is open.

    The arithmetic stands in `external.rules`.

    `calls` and `failures` are of the minute that began at `window_began`, `calls_before` and
    `failures_before` of the one before. `openings` in a row is 0 while it is closed. `override` is
    a person's word against it.
    """

    class Override(models.TextChoices):
        NO = "", "by itself"
        OPEN = "open", "held open"
        CLOSED = "closed", "held closed"

    name = models.CharField(max_length=60, primary_key=True)
    window_began = models.DateTimeField(db_default=Now())
    calls = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    calls_before = models.PositiveIntegerField(default=0)
    failures_before = models.PositiveIntegerField(default=0)
    openings = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    probe_until = models.DateTimeField(null=True)
    good_probes = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    # When the trouble began that is over; empty once what waited for its end was brought forward.
    recovered_from = models.DateTimeField(null=True)
    message = models.CharField(max_length=300, blank=True, default="")
    # See `failure_kinds`; empty while nothing failed.
    failure_kind = models.CharField(max_length=10, blank=True, db_default="")
    override = models.CharField(max_length=6, choices=Override, blank=True, default=Override.NO)

    class Meta:
        verbose_name = "external service"

    def __str__(self) -> str:
        return self.name
