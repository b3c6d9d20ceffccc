"""A mail to many."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from orders.models import OrderLine

# Mails a minute: what a large provider takes from one sender, and more than one worker can send.
MOST_PER_MINUTE = 60_000


class Campaign(models.Model):
    """What is said, to whom, and how far that is. From its start on nobody changes what it says.

    Once it is started its audience is written down, until it `is_whole`; nothing is sent before.
    Code of 0.2.0 writes an audience down with the start and knows no such column: its rows are
    whole.
    `audience` is how many it was for at its start. `run` counts starts and resumptions: a job of an
    earlier run ends without sending. `failures` are those in a row. `next_at`: when its next mail
    may go, whichever job sends that.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        FREEZING = "freezing"
        RUNNING = "running"
        PAUSED = "paused"
        FINISHED = "finished"
        CANCELLED = "cancelled"

    # From each state, where it may go. A finished one runs again when one mail is sent once more.
    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.FREEZING}),
        State.FREEZING: frozenset({State.RUNNING, State.PAUSED, State.CANCELLED}),
        State.RUNNING: frozenset({State.PAUSED, State.FINISHED, State.CANCELLED}),
        State.PAUSED: frozenset({State.FREEZING, State.RUNNING, State.CANCELLED}),
        State.FINISHED: frozenset({State.RUNNING}),
    }

    OPEN: ClassVar = (State.FREEZING, State.RUNNING, State.PAUSED)

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    title = models.CharField("subject", max_length=200)
    words = models.TextField(help_text="In Markdown.", max_length=100_000)
    bought = models.CharField(
        max_length=10,
        choices=OrderLine.Kind,
        blank=True,
        help_text="Only subscribers who have paid for something of this kind. Empty: all of them.",
    )
    per_minute = models.PositiveIntegerField(
        "mails a minute",
        default=3_000,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_MINUTE)],
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    run = models.PositiveIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    paused_because = models.CharField(max_length=300, blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    digest = models.CharField("sha256", max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    audience = models.PositiveIntegerField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    is_whole = models.BooleanField(default=True, db_default=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """What jobs' keys and Message-IDs call it: never the name of another one."""
        return f"{self.pk}-{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return f"campaign:{self.reference}"

    @property
    def is_freezing(self) -> bool:
        """Whether its audience is yet to be written down, or a part of it. It may be paused."""
        return self.state in {self.State.FREEZING, self.State.PAUSED} and not self.is_whole

    @property
    def is_open(self) -> bool:
        """Whether somebody may still be sent it."""
        return self.state in self.OPEN
