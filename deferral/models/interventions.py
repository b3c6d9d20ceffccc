"""What people decided about rows of the ledger."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from deferral.models.breakers import Breaker
from deferral.models.events import Event
from deferral.models.jobs import Job


class Intervention(models.Model):
    """What a person decided: who, what, about what, and why. It stays when those rows leave.

    `subject` is the ledger's (`order:H-10482`), `about` the key or the name of the row; the row
    itself while it is there. A decision of an app's own says in `reason` what was decided, too.
    """

    class Action(models.TextChoices):
        REPLAY = "replay"
        DISCARD = "discard"
        OPEN = "open", "hold open"
        CLOSE = "close", "hold closed"
        RELEASE = "release", "leave to itself"
        RUN = "run", "run now"
        PAUSE = "pause"
        RESUME = "resume"
        CANCEL = "cancel"
        DECIDE = "decide", "decision"

    action = models.CharField(max_length=10, choices=Action)
    by = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    subject = models.CharField(max_length=100, blank=True, db_default="")
    about = models.CharField(max_length=200, blank=True, db_default="")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="interventions")
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="interventions")
    breaker = models.ForeignKey(Breaker, models.SET_NULL, null=True, related_name="interventions")

    class Meta:
        indexes: ClassVar = [
            models.Index(F("subject"), F("id"), name="intervention_subject"),
            models.Index(F("about"), name="intervention_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.by}"
