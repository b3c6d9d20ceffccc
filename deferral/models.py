"""The ledger: what happened (`Event`), what must therefore be done (`Job`), and who does it.

All times are the database's clock. Only this app writes these tables.
"""

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.errors import LONGEST_CAUSE


class Event(models.Model):
    """A fact, written in the transaction that made it true. The relay expands it into jobs."""

    class State(models.TextChoices):
        PENDING = "pending"
        EXPANDED = "expanded"
        DEAD = "dead"
        DISCARDED = "discarded"

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    payload = models.JSONField()
    context = models.JSONField(default=dict)
    schema_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    errors = models.JSONField(default=list)
    # Of what is dead: see errors.cause_of.
    cause = models.CharField(max_length=LONGEST_CAUSE, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    expanded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(F("next_at"), name="event_pending", condition=Q(state="pending")),
            models.Index(
                F("subject"), F("id"), name="event_open", condition=Q(state__in=["pending", "dead"])
            ),
            models.Index(F("subject"), name="event_subject"),
            models.Index(
                F("expanded_at"),
                name="event_settled",
                condition=Q(state__in=["expanded", "discarded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class Job(models.Model):
    """One effect that must happen. `key` names the effect and is handed to its receiver.

    waiting   a join's body, until `open_parts` is 0 (or `release_at` has passed)
    pending   to be run at `next_at`; `sent_at` says when the hint was last given
    running   claimed by `worker` under `epoch`; its advisory lock is held while it lives
    done      the effect happened            expired    pointless now (analytics only)
    dead      a person must look at it       discarded  a person did, and gave a reason
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"
        DISCARDED = "discarded"
        EXPIRED = "expired"

    # What came of asking a stranger last, for a query that wants it: see selectors.with_trouble.
    trouble: str | None = None
    # Of its subject's events, those that are open: see selectors.one_look.
    open_events: tuple[str, ...] | list[str] = ()

    # Nothing that waits for this job waits any longer, and nothing of the same serial is held up.
    SETTLED: ClassVar = (State.DONE, State.DISCARDED, State.EXPIRED)

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="jobs")
    subject = models.CharField(max_length=100)
    task = models.CharField(max_length=100)
    kwargs = models.JSONField(default=dict)
    lane = models.CharField(max_length=30)
    # Whose breaker it goes by; "" tells nobody outside.
    stranger = models.CharField(max_length=60, blank=True, default="", db_default="")
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
    started_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    task_id = models.UUIDField(default=uuid.uuid4, unique=True)
    epoch = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    serial = models.CharField(max_length=100, null=True)  # noqa: DJ001 - NULL: in no series
    body = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    is_body = models.BooleanField(default=False)
    open_parts = models.PositiveIntegerField(default=0)
    release_at = models.DateTimeField(null=True)
    errors = models.JSONField(default=list)
    # Of what is dead: see errors.cause_of.
    cause = models.CharField(max_length=LONGEST_CAUSE, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                F("lane"),
                F("next_at"),
                name="job_due",
                condition=Q(state="pending", sent_at__isnull=True),
            ),
            models.Index(
                F("lane"),
                F("sent_at"),
                name="job_sent",
                condition=Q(state="pending", sent_at__isnull=False),
            ),
            models.Index(
                F("stranger"),
                F("lane"),
                F("next_at"),
                name="job_stranger",
                condition=Q(state="pending") & ~Q(stranger=""),
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
                F("serial"),
                F("id"),
                name="job_serial",
                condition=Q(
                    serial__isnull=False, state__in=["waiting", "pending", "running", "dead"]
                ),
            ),
            models.Index(F("subject"), F("id"), name="job_subject"),
            models.Index(
                F("settled_at"),
                name="job_settled",
                condition=Q(state__in=["done", "discarded", "expired"]),
            ),
            models.Index(
                F("lane"), name="job_open", condition=Q(state__in=["pending", "running", "dead"])
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Lane(models.Model):
    """What markers say about one lane: how long it is, and whether anybody serves it.

    A marker is named by the time it was sent. `seen` is the youngest that has arrived;
    `overdue_since` is the oldest that has not.
    """

    name = models.CharField(max_length=30, primary_key=True)
    sent = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)
    wait = models.DurationField(null=True)

    def __str__(self) -> str:
        return self.name


class LaneSample(models.Model):
    """How a lane was, every five seconds. See `pressure`. `load` and `oldest` are seconds.

    Leaves after a day.
    """

    id = models.BigAutoField(primary_key=True)
    lane = models.CharField(max_length=30)
    at = models.DateTimeField(db_default=Now())
    waiting = models.PositiveIntegerField()
    per_second = models.FloatField()
    oldest = models.FloatField()
    load = models.FloatField()
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(F("lane"), F("at").desc(), name="sample_lane")]

    def __str__(self) -> str:
        return f"{self.lane}: {self.load:.0f} s behind"


class Relief(models.Model):
    """What was let go because there was too much work: so many in one minute, of one lane.

    `shed` are jobs that were given up, `refused` requests that were sent away. Kept for 90 days.
    """

    lane = models.CharField(max_length=30)
    minute = models.DateTimeField()
    shed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "lane"], name="relief_of_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.lane}: {self.shed} shed, {self.refused} refused"


class Schedule(models.Model):
    """What beat remembers of one schedule. When it comes is said by django-celery-beat's row.

    `counted_from` is its last tick, or the moment since which it is as it is: the next tick is
    computed from it. `meaning` is what it was then, "" while it is off, and tells an edit. Each
    time the clock was found set back counts in `set_back`, and is part of the keys since then.
    """

    class Missed(models.TextChoices):
        ONCE = "once", "make up for all of them once"
        EACH = "each", "make up for each, the latest hundred"
        SKIP = "skip", "leave them out"

    form = models.OneToOneField(
        "django_celery_beat.PeriodicTask", models.CASCADE, primary_key=True, related_name="kept"
    )
    missed = models.CharField(max_length=4, choices=Missed, default=Missed.ONCE)
    counted_from = models.DateTimeField(null=True)
    meaning = models.CharField(max_length=64, blank=True, default="")
    set_back = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.form)


class Worker(models.Model):
    """A worker's main process. It holds an advisory lock on its id for as long as it lives."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    # Its last sign of life, some five seconds old at most while all is well: see `signs`.
    seen_at = models.DateTimeField(db_default=Now())
    stopping_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class UnreadableMessages(models.Model):
    """How many messages of a queue nobody could read, ever, and what was wrong with the last."""

    queue = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(db_default=Now())
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "deferral_unreadable"

    def __str__(self) -> str:
        return f"{self.queue}: {self.count}"


class Breaker(models.Model):
    """What is known of one stranger, and whether it is left alone. See `breaker_rules`.

    `calls` and `failures` are of the minute that began at `window_began`, `…_before` of the one
    before. `openings` in a row is 0 while it is closed. `forced` is a person's word against it.
    """

    class Forced(models.TextChoices):
        NO = "", "by itself"
        OPEN = "open", "held open"
        CLOSED = "closed", "held closed"

    name = models.CharField(max_length=60, primary_key=True)
    window_began = models.DateTimeField(db_default=Now())
    calls = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    calls_before = models.PositiveIntegerField(default=0)
    failures_before = models.PositiveIntegerField(default=0)
    openings = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    probe_until = models.DateTimeField(null=True)
    good_probes = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    # When the trouble began that is over; empty once what waited for its end was brought forward.
    recovered_from = models.DateTimeField(null=True)
    message = models.CharField(max_length=300, blank=True, default="")
    # See `troubles`; empty while nothing failed.
    trouble = models.CharField(max_length=10, blank=True, db_default="")
    forced = models.CharField(max_length=6, choices=Forced, blank=True, default=Forced.NO)

    class Meta:
        verbose_name = "stranger"

    def __str__(self) -> str:
        return self.name


class Intervention(models.Model):
    """What a person decided: who, what, about what, and why. It stays when those rows leave.

    `subject` is the ledger's (`order:H-10482`), `about` the key or the name of the row; the row
    itself while it is there. A decision of an app's own says in `reason` what was decided, too.
    """

    class Action(models.TextChoices):
        REPLAY = "replay"
        DISCARD = "discard"
        OPEN = "open", "hold open"
        CLOSE = "close", "hold closed"
        RELEASE = "release", "leave to itself"
        RUN = "run", "run now"
        DECIDE = "decide", "decision"

    action = models.CharField(max_length=10, choices=Action)
    by = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    subject = models.CharField(max_length=100, blank=True, db_default="")
    about = models.CharField(max_length=200, blank=True, db_default="")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="interventions")
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="interventions")
    breaker = models.ForeignKey(Breaker, models.SET_NULL, null=True, related_name="interventions")

    class Meta:
        indexes: ClassVar = [
            models.Index(F("subject"), F("id"), name="intervention_subject"),
            models.Index(F("about"), name="intervention_about"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.by}"


class Allowance(models.Model):
    """How often somebody has asked for something since `began`. See `allowances`."""

    key = models.CharField(max_length=200, primary_key=True)
    began = models.DateTimeField(db_default=Now())
    spent = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["began"], name="allowance_began")]

    def __str__(self) -> str:
        return self.key


class IncomingNotice(models.Model):
    """What a sender told us of, once for each name that it gave: a hint to go and ask.

    Nothing in it is believed, so nothing else of it is kept. See `inbox`.
    """

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    # The sender's name for it.
    about = models.CharField(max_length=100)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="notice_once")
        ]
        indexes: ClassVar = [BrinIndex(fields=["received_at"], name="incoming_notice_received")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
