"""A request for a mail that lets its reader see something: what every kind of it has."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.login_names import LONGEST, LoginNameField
from deferral.names import new_tag


class MailedLink(models.Model):
    """One request: a row for every address, whether anything is there for it or not.

    `secret` is the keyed digest of what the newest mail of it holds; empty while none was made, and
    once it is dead. `mails`: how many were made. `limited`: asked too often, so no mail is made.
    """

    tag = models.CharField(max_length=8, unique=True, default=new_tag, editable=False)
    address = LoginNameField(max_length=LONGEST)
    limited = models.BooleanField(default=False)
    asked_at = models.DateTimeField(db_default=Now())
    secret = models.CharField(max_length=64, blank=True)
    mails = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        default_permissions = ()


def forget_asked(model: type[MailedLink], *, kept: timedelta, batch: int) -> int:
    """Delete the requests that are older than that; return how many. Safe to repeat."""
    rows = model._default_manager  # noqa: SLF001 - documented
    total, old = 0, rows.filter(asked_at__lt=timezone.now() - kept)
    while found := list(old.values_list("pk", flat=True)[:batch]):
        total += rows.filter(pk__in=found).delete()[0]
    return total
