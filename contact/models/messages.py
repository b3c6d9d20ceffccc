"""What somebody wrote to us, and what they were answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.mailboxes import as_written
from deferral.names import LENGTH, new_tag

# Letters. A page of a book has 2,000.
LONGEST_WORDS, LONGEST_NAME = 4_000, 100


class Message(models.Model):
    """One message. Whoever wrote it is known by what they typed: nobody has proven the address.

    waiting -> answered, closed; both may be answered again. `version` grows with each decision: who
    acts on a page names the one that it was made from. `form_key` makes a double submit one
    message. `is_acknowledged`: a mail says to its writer that it arrived; not where that address
    had too many of them today.
    """

    class Topic(models.TextChoices):
        ORDER = "order", "An order"
        GOODS = "goods", "Something you sell"
        TICKETS = "tickets", "Tickets and evenings"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        WAITING = "waiting", "waits for an answer"
        ANSWERED = "answered", "answered"
        CLOSED = "closed", "closed without an answer"

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    form_key = models.UUIDField(unique=True, editable=False)
    topic = models.CharField(max_length=10, choices=Topic)
    name = models.CharField(max_length=LONGEST_NAME)
    email = models.EmailField()
    # As it was typed, in the form of our numbers. It may be anybody's: contact.selectors.order_of.
    order_number = models.CharField(max_length=20, blank=True, default="")
    words = models.TextField(max_length=LONGEST_WORDS)
    is_acknowledged = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1, editable=False)
    received_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            # The first page of the admin.
            models.Index(fields=["id"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["email"], name="message_email"),
            # Whose they are, in any spelling: contact.forgetting.
            models.Index(Lower("email"), name="message_mailbox"),
            models.Index(
                fields=["order_number"], condition=~Q(order_number=""), name="message_order"
            ),
            # What leaves: contact.forgetting.
            models.Index(
                fields=["settled_at"],
                condition=Q(settled_at__isnull=False),
                name="message_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}, from {self.mailbox}"

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return f"message:{self.tag}"

    @property
    def mailbox(self) -> str:
        """The address as its writer would write it."""
        return as_written(self.email)

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered or closed it."""
        return self.state == self.State.WAITING


class Answer(models.Model):
    """What somebody of us answered. It is written once, and mailed."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    # Numbers come again after a restore; a tag never does. In the name of its mail.
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    words = models.TextField(max_length=LONGEST_WORDS)
    by = models.CharField(max_length=254)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="answer_number")
        ]

    def __str__(self) -> str:
        return f"Answer {self.number} to {self.message}"
