"""Effects that must happen: what a job is, and the states it goes through."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.errors import LONGEST_CAUSE
from deferral.models.events import Event


class Job(models.Model):
    """One effect that must happen. `key` names the effect and is handed to its receiver.

    waiting   a join's body, until `open_parts` is 0 (or `release_at` has passed)
    pending   to be run at `next_at`; `sent_at` says when the hint was last given
    running   claimed by `worker` under `epoch`; its advisory lock is held while it lives
    paused    a person stopped it for a while; a long job goes on from its last checkpoint
    done      the effect happened            expired    pointless now (analytics only)
    dead      a person must look at it       discarded  a person did, and gave a reason
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        PENDING = "pending"
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"
        DEAD = "dead"
        DISCARDED = "discarded"
        EXPIRED = "expired"

    class Asked(models.TextChoices):
        """What a person wants of a long job that runs. It looks at each checkpoint."""

        NOTHING = ""
        PAUSE = "pause"
        CANCEL = "cancel"

    # What came of asking an external service last, for a query that wants it: see
    # selectors.with_failure_kind.
    failure_kind: str | None = None
    # Of its subject's events, those that are open: see selectors.one_look.
    open_events: tuple[str, ...] | list[str] = ()

    # Nothing that waits for this job waits any longer, and nothing of the same ordering key is held
    # up.
    SETTLED: ClassVar = (State.DONE, State.DISCARDED, State.EXPIRED)

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="jobs")
    subject = models.CharField(max_length=100)
    task = models.CharField(max_length=100)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=30)
    # Whose breaker it goes by; "" tells nobody outside.
    service = models.CharField(max_length=60, blank=True, default="", db_default="")
    context = models.JSONField(default=dict)
    schema_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    # Three different things: it failed; its process died; it was not its turn. A fourth: the whole
    # worker died, for which the job is hardly to blame.
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    snoozes = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    asked = models.CharField(max_length=6, choices=Asked, blank=True, db_default="")
    started_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    task_id = models.UUIDField(default=uuid.uuid4, unique=True)
    epoch = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    ordering_key = models.CharField(max_length=100, null=True)  # noqa: DJ001 - NULL: in no series
    body = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    is_body = models.BooleanField(default=False)
    open_parts = models.PositiveIntegerField(default=0)
    release_at = models.DateTimeField(null=True)
    errors = models.JSONField(default=list)
    # Of what is dead: see ledger.causes.
    cause = models.CharField(max_length=LONGEST_CAUSE, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                F("queue"),
                F("next_at"),
                name="job_due",
                condition=Q(state="pending", sent_at__isnull=True),
            ),
            models.Index(
                F("queue"),
                F("sent_at"),
                name="job_sent",
                condition=Q(state="pending", sent_at__isnull=False),
            ),
            models.Index(
                F("service"),
                F("queue"),
                F("next_at"),
                name="job_service",
                condition=Q(state="pending") & ~Q(service=""),
            ),
            models.Index(F("id"), name="job_running", condition=Q(state="running")),
            models.Index(
                fields=["task", "cause", "id"],
                include=["settled_at"],
                name="job_dead",
                condition=Q(state="dead"),
            ),
            models.Index(F("release_at"), name="job_release", condition=Q(state="waiting")),
            models.Index(
                F("id"), name="job_join", condition=Q(state="waiting", sent_at__isnull=True)
            ),
            models.Index(
                F("expires_at"),
                name="job_expires",
                condition=Q(state="pending", expires_at__isnull=False),
            ),
            models.Index(
                F("ordering_key"),
                F("id"),
                name="job_ordering",
                condition=Q(
                    ordering_key__isnull=False,
                    state__in=["waiting", "pending", "running", "paused", "dead"],
                ),
            ),
            models.Index(F("subject"), F("id"), name="job_subject"),
            models.Index(
                F("settled_at"),
                name="job_settled",
                condition=Q(state__in=["done", "discarded", "expired"]),
            ),
            models.Index(
                F("queue"),
                name="job_open",
                condition=Q(state__in=["pending", "running", "paused", "dead"]),
            ),
        ]

    def __str__(self) -> str:
        return self.key
