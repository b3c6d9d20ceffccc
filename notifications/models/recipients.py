"""Each of those who are to get a campaign."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from notifications.models.campaigns import Campaign


class Recipient(models.Model):
    """One address of a campaign. `state` is committed as `sending` before the server is asked.

    `tries` counts how often that was: what one try learns is not written over a later one.
    `refusals`: how often the server said "not now" of this mail. `given_to`: whom the last try went
    to, as `campaigns.takers` names them; empty where nobody has written it down.
    `number` counts from 1 and is a part of the Message-ID, which is the same at every try.
    """

    class State(models.TextChoices):
        TODO = "todo", "to do"
        SENDING = "sending"
        SENT = "sent"
        SKIPPED = "skipped"
        BOUNCED = "bounced"
        FAILED = "failed"
        IN_DOUBT = "in_doubt", "in doubt"

    OPEN: ClassVar = (State.TODO, State.SENDING)
    # Not sent, as far as anybody knows, and tried no more unless somebody says so.
    DECIDED_BY_STAFF: ClassVar = (State.IN_DOUBT, State.FAILED)

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recipients")
    number = models.PositiveIntegerField()
    chunk = models.PositiveIntegerField()
    address = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.TODO)
    because = models.CharField(max_length=300, blank=True, db_default="")
    tries = models.PositiveIntegerField(default=0, db_default=0)
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0)
    given_to = models.CharField(max_length=400, blank=True, db_default="")
    due_at = models.DateTimeField(db_default=Now())
    sending_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["campaign", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint("campaign", Lower("address"), name="recipient_once"),
            models.UniqueConstraint(fields=["campaign", "number"], name="recipient_number"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campaign", "chunk", "number"],
                name="recipient_open",
                condition=Q(state__in=["todo", "sending"]),
            ),
            models.Index(fields=["campaign", "state"], name="recipient_state"),
            models.Index(fields=["address"], name="recipient_address"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def key(self) -> str:
        """Its name for ever, of which the Message-ID is made."""
        return f"campaign:{self.campaign.reference}:{self.number}"
