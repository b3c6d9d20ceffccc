"""Who looks for which order, and what the mail about it holds, as a digest."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import MailedLink

LONGEST_NUMBER = 20


class OrderLink(MailedLink):
    """One request: `number` as it was typed, whether there is such an order or not.

    Leaves after a day.
    """

    number = models.CharField(max_length=LONGEST_NUMBER)

    class Meta(MailedLink.Meta):
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="order_link_asked")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret"], condition=~Q(secret=""), name="order_link_secret"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """As the ledger knows it."""
        return f"order_link:{self.tag}"
