"""Time per task and per external service, because one profiles before one scales.

From the ledger's own rows, of a window, and no more than the latest of them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from deferral.admin.dead_letters.settling import DeadLetters
from deferral.admin.kit.formatting import GAP, span
from deferral.models import Job

# What may be asked for, in seconds.
WINDOWS = {"hour": 3_600, "day": 86_400, "week": 604_800}
# So many jobs are looked at, the latest first: a quarter of a second.
MOST = 50_000

# Waiting is from due to begun: of the last try, without what it waited for its parts or for a next
# try. A body begun by its chord is not due yet: it has not waited.
TIMES = """
WITH latest AS MATERIALIZED (
    SELECT task, attempts, nullif(service, '') AS service,
           greatest(extract(epoch FROM started_at - next_at), 0) AS waited,
           extract(epoch FROM settled_at - started_at) AS ran,
           extract(epoch FROM settled_at - created_at) AS whole
    FROM (
        SELECT task, service, attempts, created_at, next_at, started_at, settled_at
        FROM deferral_job
        WHERE state = 'done' AND settled_at > now() - make_interval(secs => %(seconds)s)
        ORDER BY settled_at DESC LIMIT %(most)s
    ) done
)
SELECT task, service, count(*), count(*) FILTER (WHERE attempts > 1),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY waited),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ran),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY whole)
FROM latest GROUP BY GROUPING SETS ((task), (service))
HAVING task IS NOT NULL OR service IS NOT NULL
ORDER BY sum(ran) DESC
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Of one task, or of all that one service is told. Pairs are median and 95th percentile."""

    name: str
    count: int
    retried: int
    waited: tuple[str, str]
    ran: tuple[str, str]
    whole: tuple[str, str]


def timing_page(model_admin: DeadLetters[Job], request: HttpRequest) -> HttpResponse:
    """The two tables, what takes most time first."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    window = request.GET.get("window", "")
    window = window if window in WINDOWS else "hour"
    tasks, services, bounded = times_of(WINDOWS[window])
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Time per task",
        "opts": model_admin.opts,
        "window": window,
        "windows": WINDOWS,
        "tables": [("Task", tasks), ("Service", services)],
        "most": MOST if bounded else None,
    }
    return TemplateResponse(request, "admin/deferral/timing.html", context)


def times_of(seconds: int) -> tuple[list[Timing], list[Timing], bool]:
    """Of tasks, of external services, and whether there were more jobs than were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(TIMES, {"seconds": seconds, "most": MOST})
        rows = cursor.fetchall()
    tasks = [_timing(task, *rest) for task, _, *rest in rows if task]
    services = [_timing(service, *rest) for _, service, *rest in rows if service]
    return tasks, services, sum(row.count for row in tasks) >= MOST


def _timing(name: str, count: int, retried: int, *pairs: list[float]) -> Timing:
    waited, ran, whole = ((_seconds(median), _seconds(late)) for median, late in pairs)
    return Timing(name=name, count=count, retried=retried, waited=waited, ran=ran, whole=whole)


def _seconds(value: float) -> str:
    """To the millisecond where that says something."""
    if value < 1:
        return f"{value * 1000:.0f}{GAP}ms"
    return span(timedelta(seconds=value))
