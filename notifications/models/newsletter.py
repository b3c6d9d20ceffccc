"""Who wants the newsletter, and who must not be mailed. Addresses are one whatever their case."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact


def same(address: str) -> Exact[str]:
    """For filter(): rows of this address, whatever the case it is written in. By their index."""
    return Exact(Lower("address"), address.lower())


class Subscription(models.Model):
    """What somebody said of the newsletter: asked for it, confirmed it by a mail, ended it.

    Nobody but the owner of the mailbox can confirm. Only `confirmed` is ever sent a campaign.
    """

    class State(models.TextChoices):
        ASKED = "asked", "not confirmed"
        CONFIRMED = "confirmed"
        ENDED = "ended"

    address = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    # How often somebody asked since it was last confirmed.
    asks = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="subscription_address")
        ]
        indexes: ClassVar = [models.Index(fields=["address"], name="subscription_written")]

    def __str__(self) -> str:
        return self.address


class Suppression(models.Model):
    """An address that campaigns leave out, whatever its subscription says, and why.

    Staff delete one when its mailbox works again. Orders' mails are not affected.
    """

    address = models.EmailField()
    because = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="suppression_address")
        ]

    def __str__(self) -> str:
        return self.address
