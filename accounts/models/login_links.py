"""Who has asked to be let in by a mail, and what that mail holds, as digests."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.mailed_links import MailedLink


class LoginLinks(models.Manager["LoginLink"]):
    """Django's manager, and a question."""

    def armed(self, address: str) -> models.QuerySet["LoginLink"]:
        """Those of this address whose mail may still let somebody in: one, or none."""
        return self.filter(~Q(secret=""), address=address)


class LoginLink(MailedLink):
    """One request to be let in.

    `browser` is a digest of what the browser that asked has in a cookie. `code` is a keyed digest
    as `secret` is, of the code in the same mail. Leaves after a day.
    """

    browser = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[LoginLinks] = LoginLinks()

    class Meta(MailedLink.Meta):
        indexes: ClassVar = [
            # Anybody may ask for somebody's address all day long: what is dead costs nothing.
            models.Index(fields=["address"], condition=~Q(secret=""), name="login_link_armed"),
            models.Index(
                fields=["address", "id"], condition=Q(limited=False), name="login_link_asked_for"
            ),
            models.Index(fields=["asked_at"], name="login_link_asked"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret"], condition=~Q(secret=""), name="login_link_secret"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """As the ledger knows it."""
        return f"login:{self.tag}"
