"""Who has asked to be let in by a mail, and what that mail holds, as digests."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.login_names import LONGEST, LoginNameField
from deferral.names import new_tag


class LoginLinks(models.Manager["LoginLink"]):
    """Django's manager, and a question."""

    def armed(self, address: str) -> models.QuerySet["LoginLink"]:
        """Those of this address whose mail may still let somebody in: one, or none."""
        return self.filter(~Q(secret=""), address=address)


class LoginLink(models.Model):
    """One request: a row for every address, whether anybody has it or not.

    `browser` is a digest of what the browser that asked has in a cookie. `secret` and `code` are
    keyed digests of what the newest mail of it holds; empty while none was made, and once it is
    dead. `limited`: asked too often, so no mail is made. Leaves after a day.
    """

    tag = models.CharField(max_length=8, unique=True, default=new_tag, editable=False)
    address = LoginNameField(max_length=LONGEST)
    browser = models.CharField(max_length=64, unique=True)
    limited = models.BooleanField(default=False)
    asked_at = models.DateTimeField(db_default=Now())
    secret = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64, blank=True)
    mails = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[LoginLinks] = LoginLinks()

    class Meta:
        default_permissions = ()
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
