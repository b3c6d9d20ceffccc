"""Too much work, on the admin's first page: how far behind queues are, and what was let go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Now

from deferral.admin.kit.formatting import span
from deferral.first_page import Panel, on_first_page
from deferral.models import Shedding
from deferral.pressure.levels import Pressure, is_slowed, queues_that_shed, worst
from deferral.pressure.rules import AMBER_AT, KEPT_OF, RED_AT, Level
from deferral.registry import queues

MINUTES = 60
# The drawing: one step a minute, and the red mark is always in it.
STEP, HEIGHT = 4, 40
PILLS = {Level.GREEN: "good", Level.AMBER: "wait", Level.RED: "bad"}

LOADS = """
SELECT queue, floor(extract(epoch FROM now() - at) / 60)::int AS ago, max(load)
FROM deferral_queuesample WHERE queue = ANY(%s) AND at > now() - make_interval(mins => %s)
GROUP BY queue, ago
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """The last hour of a queue, as the points of a line, and where the marks are."""

    points: str
    amber: float
    red: float
    said: str


@on_first_page("deferral.view_queue")
def pressure() -> Iterator[Panel]:
    """Three queries, however much waits."""
    curves, let_go = loads(), gone()
    rows = [
        row(queue, worst([queue]), curves.get(queue, {}), let_go.get(queue, ""))
        for queue in queues()
    ]
    yield Panel(
        title="How far behind",
        template="admin/deferral/panels/pressure.html",
        context={"rows": rows, "width": STEP * MINUTES, "height": HEIGHT},
        warnings=tuple(warnings()),
        place=15,
        size="wide",
    )


def row(queue: str, now: Pressure, loads_: dict[int, float], let_go: str) -> dict[str, Any]:
    """One queue's line of the table, with units that people read."""
    return {
        "name": queue,
        "level": now.level.name.lower(),
        "pill": PILLS[now.level],
        "behind": span(timedelta(seconds=now.load)) if now.load >= 1 else "0",
        "curve": curve(loads_),
        "let_go": let_go,
    }


def loads() -> dict[str, dict[int, float]]:
    """By queue, by how many minutes ago: the most it was behind."""
    found: dict[str, dict[int, float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [list(queues()), MINUTES])
        for queue, ago, load in cursor:
            found.setdefault(queue, {})[ago] = load
    return found


def curve(loads_: dict[int, float]) -> Curve:
    """A minute without a sample is on the ground."""
    most = max([*loads_.values(), RED_AT * 1.1])
    ago = range(MINUTES - 1, -1, -1)
    marks = [(STEP * at, height(loads_.get(minute, 0.0), most)) for at, minute in enumerate(ago)]
    worst_ = max(loads_.values(), default=0.0)
    return Curve(
        points=" ".join(f"{x},{y}" for x, y in marks),
        amber=height(AMBER_AT, most),
        red=height(RED_AT, most),
        said=f"at most {span(timedelta(seconds=worst_))}" if worst_ >= 1 else "never",
    )


def height(load: float, most: float) -> float:
    """From the top of the drawing."""
    return round(HEIGHT * (1 - load / most), 1)


def gone() -> dict[str, str]:
    """By queue: what was let go within a day, in words."""
    day = Shedding.objects.filter(minute__gt=Now() - timedelta(days=1)).values("queue")
    sums = day.annotate(jobs=Sum("shed"), requests=Sum("refused")).order_by()
    return {one["queue"]: words(one["jobs"], one["requests"]) for one in sums}


def words(jobs: int, requests: int) -> str:
    """As `90 jobs, 2 requests`; "" where nothing was let go."""
    both = ((jobs, "job"), (requests, "request"))
    return ", ".join(f"{n:,} {name}{'s' if n > 1 else ''}" for n, name in both if n)


def warnings() -> Iterator[str]:
    """What is done about it now, in a sentence each."""
    if shedding := queues_that_shed():
        kept = f"only one job in {KEPT_OF} that may be shed is kept"
        yield f"Too much work: of {listed(shedding)} {kept}."
    if is_slowed():
        yield "Too much work: low-priority queues are given one job a second."
    if worst(queues()).level is Level.RED:
        yield "Too much work: what would bring much more at once is refused."


def listed(names: Sequence[str]) -> str:
    """As `bulk and analytics`. IndexError without a name."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
