"""The machinery on the desk's first page: lanes, dead letters, strangers, and standstill."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from deferral.admin.dead_letters.causes import groups_of
from deferral.admin.kit.formatting import span
from deferral.external.status import strangers
from deferral.first_page import PAGES, Card, Page, Panel, on_first_page
from deferral.ledger.living import is_living
from deferral.ledger.selectors import dead_events_by_cause, dead_jobs_by_cause
from deferral.ledger.statistics import LaneFigures, lane_figures, open_work, recent_work

LOOK = "deferral.view_job"
# So many causes stand on the first page; the others are a click away.
CAUSES = 6
# What waits longer than this in a lane is worth a look.
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
    lanes = lane_figures(open_, recent)
    yield Panel(
        title="Lanes",
        template="admin/deferral/panels/lanes.html",
        context={"lanes": [shown(lane) for lane in lanes]},
        cards=tuple(lane_cards(lanes)),
        warnings=tuple(standstill(lanes)),
        place=10,
        size="wide",
    )
    yield dead_letters()
    yield Panel(
        title="Strangers",
        template="admin/deferral/panels/strangers.html",
        context={"strangers": strangers(open_)},
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


def lane_cards(lanes: Sequence[LaneFigures]) -> Iterator[Card]:
    """All lanes together: what waits and for how long, what runs, what is dead."""
    due, later = sum(lane.due for lane in lanes), sum(lane.later for lane in lanes)
    rate = sum(lane.per_minute for lane in lanes)
    oldest = max((lane.oldest for lane in lanes if lane.oldest is not None), default=None)
    late = oldest is not None and oldest > LONG
    since = f" for up to {span(oldest)}" if oldest is not None else ""
    yield Card(
        label="Waiting",
        value=f"{due + later:,}",
        note=f"{due:,} due now{since}, {later:,} for later",
        address=reverse("admin:deferral_lane_changelist"),
        tone="wait" if late else "",
    )
    yield Card(
        label="Done per minute",
        value=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}",
        note="over the last five",
        address=reverse("admin:deferral_time_per_task"),
    )


def standstill(lanes: Sequence[LaneFigures]) -> Iterator[str]:
    """One sentence for each thing that does not go on by itself."""
    if not is_living("relay"):
        yield "No relay is running: what is decided is written down, and nobody does it."
    else:
        for lane in lanes:
            if not lane.served:
                yield f"Nobody serves the lane {lane.name}: {lane.due} waiting."
    if not is_living("beat"):
        yield "Beat is not running: nothing that is scheduled happens."


def shown(lane: LaneFigures) -> dict[str, Any]:
    """A lane's figures as they are read."""
    return {
        "name": lane.name,
        "due": lane.due,
        "later": lane.later,
        "running": lane.running,
        "dead": lane.dead,
        "oldest": span(lane.oldest),
        "per_minute": f"{lane.per_minute:,.1f}",
        "drain": span(lane.drain) if lane.due else "0",
        "wait": span(lane.wait),
        "served": lane.served,
    }


def counted(jobs: int, events: int) -> str:
    """`3 jobs, 1 event`: whatever there is."""
    both = ((jobs, "job"), (events, "event"))
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in both if n)


DEAD = '<a href="{}">Dead letters: {}</a>. Somebody has to look at them.'
