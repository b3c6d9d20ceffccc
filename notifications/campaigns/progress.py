"""How far a campaign is, for whoever watches it: three small reads of its recipients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from deferral.models import Job
from notifications.campaigns.dead import NAMED, dead_jobs, stopped_freezing
from notifications.models import Campaign, Recipient

State = Recipient.State
RATE_OVER = timedelta(seconds=60)
# Columns of the chart, however long it took. Those in which nothing happened are there too.
COLUMNS = 40
CHART = """
WITH done AS (
    SELECT done_at AS at, state = 'sent' AS sent FROM notifications_recipient
    WHERE campaign_id = %(campaign)s AND done_at IS NOT NULL
), span AS (
    SELECT min(at) AS begins, max(at) AS ends,
           greatest(extract(epoch FROM max(at) - min(at)) / %(columns)s, 1)::float AS width
    FROM done
), placed AS (
    SELECT least(floor(extract(epoch FROM at - begins) / width), %(columns)s - 1)::int AS place,
           sent
    FROM done, span
)
SELECT n, span.begins + n * make_interval(secs => span.width),
       count(*) FILTER (WHERE placed.sent), count(*) FILTER (WHERE NOT placed.sent)
FROM span, generate_series(0, (SELECT max(place) FROM placed)) n
LEFT JOIN placed ON placed.place = n
GROUP BY n, span.begins, span.width ORDER BY n
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A span of time: how many were sent in it, and how many came to nothing."""

    begins: datetime
    sent: int
    lost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignProgress:
    """`counts` by recipients' states. `per_minute` is of the last minute; `left` is an estimate.

    `audience` is how many are expected to be written down, as long as that is not over. `dead` are
    the jobs that nobody tries any more; `stopped` is the one that was to write the audience down,
    where somebody has paused or cancelled it.
    """

    state: str
    audience: int | None
    is_freezing: bool
    counts: Mapping[str, int]
    unsubscribed: int
    per_minute: int
    columns: Sequence[Column]
    paused_because: str
    dead: Sequence[Job]
    stopped: Job | None

    @property
    def expected(self) -> int:
        """How many will be written down. More may have been than were counted."""
        return max(self.total, self.audience or 0)

    @property
    def total(self) -> int:
        """Everybody whom it is for, as far as they are written down."""
        return sum(self.counts.values())

    @property
    def over(self) -> int:
        """Those with whom nothing is left to be done by itself."""
        return self.total - self.counts.get(State.TODO, 0) - self.counts.get(State.SENDING, 0)

    @property
    def left(self) -> timedelta | None:
        """At the rate of the last minute; None while nothing moves."""
        if self.state != Campaign.State.RUNNING or not self.per_minute:
            return None
        return timedelta(minutes=(self.total - self.over) / self.per_minute)

    @property
    def version(self) -> str:
        """Changes whenever a page would look different."""
        said = f"{self.state}{sorted(self.counts.items())}{self.unsubscribed}{self.per_minute}"
        told = f"{self.paused_because}{self.is_freezing}{self.expected}"
        jobs = f"{self.dead}{self.stopped and self.stopped.state}"
        return f"{crc32(f'{said}{told}{jobs}'.encode()):x}"


def progress_of(campaign: Campaign) -> CampaignProgress:
    """As it is now."""
    rows = campaign.recipients.order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    recent = Q(state=State.SENT, done_at__gt=Now() - RATE_OVER)
    told = rows.aggregate(
        unsubscribed=Count("pk", filter=Q(unsubscribed_at__isnull=False)),
        recently=Count("pk", filter=recent),
    )
    return CampaignProgress(
        state=campaign.state,
        audience=campaign.audience,
        is_freezing=campaign.is_freezing,
        dead=list(dead_jobs([campaign])[: NAMED + 1]),
        stopped=stopped_freezing(campaign),
        counts=counts,
        unsubscribed=told["unsubscribed"],
        per_minute=told["recently"],
        columns=columns(campaign),
        paused_because=campaign.paused_because,
    )


def columns(campaign: Campaign) -> list[Column]:
    """From its first mail to its last, in equal spans of a second at least."""
    with connection.cursor() as cursor:
        cursor.execute(CHART, {"campaign": campaign.pk, "columns": COLUMNS})
        return [
            Column(begins=timezone.localtime(begins), sent=sent, lost=lost)
            for _place, begins, sent, lost in cursor.fetchall()
        ]
