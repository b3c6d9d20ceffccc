"""Who wants their account deleted, and how far that is."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.login_names import LONGEST, LoginNameField
from accounts.personal_data import NOBODY, Person
from deferral.names import LENGTH, new_tag

# An order that is being written now is not seen yet, and has been written within a second.
UNSEEN = timedelta(hours=1)


class Deletions(models.Manager["AccountDeletion"]):
    """Django's manager, and a question."""

    def open_of(self, user_id: int) -> "AccountDeletion | None":
        """What this account has asked for, and nobody has taken back."""
        open_ = self.filter(user=user_id, state__in=AccountDeletion.OPEN)
        return open_.first()


class AccountDeletion(models.Model):
    """asked -> begun -> done; asked -> cancelled, until it has begun.

    `address` is emptied with the end. `waits_for` says what has to be over before it begins, in a
    sentence for its person. What came after `until` stays; it is set when it begins.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        BEGUN = "begun"
        DONE = "done"
        CANCELLED = "cancelled"

    OPEN: ClassVar = (State.ASKED, State.BEGUN)

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="deletions"
    )
    address = LoginNameField(max_length=LONGEST, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    waits_for = models.CharField(max_length=300, blank=True, default="")
    until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[Deletions] = Deletions()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["asked", "begun"]), name="deletion_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """As the ledger knows it."""
        return f"deletion:{self.tag}"

    @property
    def key(self) -> str:
        """Of its job."""
        return f"delete_account:{self.tag}"

    @property
    def person(self) -> Person:
        """Whom it is about."""
        return Person(
            user_id=self.user_id or 0,
            address=self.address,
            instead=f"deleted-{self.tag}{NOBODY}",
            until=self.until or timezone.now() - UNSEEN,
        )
