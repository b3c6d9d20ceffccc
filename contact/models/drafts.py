"""Drafts of answers, and what each call of the AI service for one cost."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from contact.models.messages import LONGEST_WORDS, Message
from deferral.names import LENGTH

# Letters.
LONGEST_PROBLEM, LONGEST_MODEL = 300, 100


def draft_key(message: Message, number: int, tag: str = "") -> str:
    """What the job is called that makes it. The first follows from the message alone: it is the
    same after a restore. One that staff ask for has a tag, for its number comes again.
    """
    return f"contact_draft:{message.tag}:{number}" + (f":{tag}" if tag else "")


class Draft(models.Model):
    """What the AI service proposes. Shown to staff as text; nothing sends it.

    asked -> made, unusable. `problem` says what is wrong with it, or what it waits for.
    """

    class State(models.TextChoices):
        ASKED = "asked", "being made"
        MADE = "made", "made"
        UNUSABLE = "unusable", "came to nothing"

    message = models.ForeignKey(Message, models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    tag = models.CharField(max_length=LENGTH, blank=True, default="", editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    problem = models.CharField(max_length=LONGEST_PROBLEM, blank=True, default="")
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="draft_number")
        ]

    def __str__(self) -> str:
        return f"Draft {self.number} for {self.message}"

    @property
    def key(self) -> str:
        """What the job is called that makes it."""
        return draft_key(self.message, self.number, self.tag)

    @property
    def is_made(self) -> bool:
        """Whether there is text to show."""
        return self.state == self.State.MADE

    @property
    def is_asked(self) -> bool:
        """Whether it is still to come."""
        return self.state == self.State.ASKED


class Call(models.Model):
    """One call for a draft, written down before it is made.

    Until its answer says what it used, it counts with the most that it can use, also where its
    worker is killed: money may have been spent, and no budget forgets it. `is_known`: the figures
    are what the service said. It outlives its draft. `cost` is in millionths of a cent, by
    the prices of that moment.
    """

    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="calls")
    model = models.CharField(max_length=LONGEST_MODEL)
    tokens_in = models.PositiveIntegerField()
    tokens_out = models.PositiveIntegerField()
    cost = models.BigIntegerField()
    is_known = models.BooleanField(default=False)
    outcome = models.CharField(max_length=LONGEST_PROBLEM, blank=True, default="")
    began_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        default_permissions = ()
        indexes: ClassVar = [
            # What was spent today, answered by the index alone.
            models.Index(
                fields=["began_at"],
                include=("tokens_in", "tokens_out", "cost"),
                name="ai_call_began",
            )
        ]

    def __str__(self) -> str:
        return f"Call for {self.draft}"
