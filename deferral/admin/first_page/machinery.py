"""The machinery on the admin's first page: queues, dead letters, services, and standstill."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from deferral.admin.dead_letters.causes import groups_of
from deferral.admin.kit.formatting import span
from deferral.external.status import services
from deferral.first_page import PAGES, Card, Page, Panel, on_first_page
from deferral.ledger.living import is_living
from deferral.ledger.selectors import dead_events_by_cause, dead_jobs_by_cause
from deferral.ledger.statistics import QueueStatistics, open_work, queue_statistics, recent_work

LOOK = "deferral.view_job"
# So many causes stand on the first page; the others are a click away.
CAUSES = 6
# What waits longer than this in a queue is worth a look.
LONG = timedelta(minutes=5)

for page in (
    Page(
        app_label="deferral",
        name="Dead letters",
        url_name="admin:deferral_dead_letters",
        permission=LOOK,
    ),
    Page(
        app_label="deferral",
        name="Time per task",
        url_name="admin:deferral_time_per_task",
        permission=LOOK,
    ),
):
    PAGES.fill(page.url_name, page)


@on_first_page(LOOK)
def machinery() -> Iterator[Panel]:
    """Three panels out of two looks at the ledger."""
    open_, recent = open_work(), recent_work()
    queues = queue_statistics(open_, recent)
    yield Panel(
        title="Queues",
        template="admin/deferral/panels/queues.html",
        context={"queues": [shown(queue) for queue in queues]},
        cards=tuple(queue_cards(queues)),
        warnings=tuple(standstill(queues)),
        place=10,
        size="wide",
    )
    yield dead_letters()
    yield Panel(
        title="External services",
        template="admin/deferral/panels/services.html",
        context={"services": services(open_)},
        place=30,
        size="tall",
    )


def dead_letters() -> Panel:
    """By cause: what has to be mended, not what has died of it."""
    jobs, events = list(dead_jobs_by_cause()), list(dead_events_by_cause())
    counts = sum(row["count"] for row in jobs), sum(row["count"] for row in events)
    found = [*groups_of(jobs, "task"), *groups_of(events, "type")]
    address = reverse("admin:deferral_dead_letters")
    said = counted(*counts)
    card = Card(
        label="Dead letters",
        value=f"{sum(counts):,}",
        note=f"{len(found)} cause{'s' if len(found) != 1 else ''} to mend" if found else "none",
        address=address,
        tone="bad" if found else "good",
    )
    return Panel(
        title="Dead letters by cause",
        template="admin/deferral/panels/dead.html",
        context={"groups": list(islice(found, CAUSES)), "more": max(0, len(found) - CAUSES)},
        cards=(card,),
        place=40,
        warnings=(format_html(DEAD, address, said),) if said else (),
    )


def queue_cards(queues: Sequence[QueueStatistics]) -> Iterator[Card]:
    """All queues together: what waits and for how long, what runs, what is dead."""
    due, later = sum(queue.due for queue in queues), sum(queue.later for queue in queues)
    rate = sum(queue.per_minute for queue in queues)
    paused = sum(queue.paused for queue in queues)
    oldest = max((queue.oldest for queue in queues if queue.oldest is not None), default=None)
    late = oldest is not None and oldest > LONG
    since = f" for up to {span(oldest)}" if oldest is not None else ""
    yield Card(
        label="Waiting",
        value=f"{due + later:,}",
        note=f"{due:,} due now{since}, {later:,} for later"
        + (f", {paused:,} paused" if paused else ""),
        address=reverse("admin:deferral_queue_changelist"),
        tone="wait" if late else "",
    )
    yield Card(
        label="Done per minute",
        value=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}",
        note="over the last five",
        address=reverse("admin:deferral_time_per_task"),
    )


def standstill(queues: Sequence[QueueStatistics]) -> Iterator[str]:
    """One sentence for each thing that does not go on by itself."""
    if not is_living("relay"):
        yield "No relay is running: decisions are written down, but nothing is carried out."
    else:
        for queue in queues:
            if not queue.served:
                yield f"Nobody serves the queue {queue.name}: {queue.due} waiting."
    if not is_living("beat"):
        yield "Beat is not running: nothing that is scheduled happens."


def shown(queue: QueueStatistics) -> dict[str, Any]:
    """A queue's figures as they are read."""
    return {
        "name": queue.name,
        "due": queue.due,
        "later": queue.later,
        "running": queue.running,
        "paused": queue.paused,
        "dead": queue.dead,
        "oldest": span(queue.oldest),
        "per_minute": f"{queue.per_minute:,.1f}",
        "drain": span(queue.drain) if queue.due else "0",
        "wait": span(queue.wait),
        "served": queue.served,
    }


def counted(jobs: int, events: int) -> str:
    """`3 jobs, 1 event`: whatever there is."""
    both = ((jobs, "job"), (events, "event"))
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in both if n)


DEAD = '<a href="{}">Dead letters: {}</a>. Somebody has to look at them.'
