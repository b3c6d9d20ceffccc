"""Facts, as they are written down until the relay has expanded them into jobs."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.errors import LONGEST_CAUSE


class Event(models.Model):
    """A fact, written in the transaction that made it true. The relay expands it into jobs."""

    class State(models.TextChoices):
        PENDING = "pending"
        EXPANDED = "expanded"
        DEAD = "dead"
        DISCARDED = "discarded"

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    payload = models.JSONField()
    context = models.JSONField(default=dict)
    schema_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    errors = models.JSONField(default=list)
    # Of what is dead: see ledger.causes.
    cause = models.CharField(max_length=LONGEST_CAUSE, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    expanded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(F("next_at"), name="event_pending", condition=Q(state="pending")),
            models.Index(
                F("subject"), F("id"), name="event_open", condition=Q(state__in=["pending", "dead"])
            ),
            models.Index(F("subject"), name="event_subject"),
            models.Index(
                F("expanded_at"),
                name="event_settled",
                condition=Q(state__in=["expanded", "discarded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
