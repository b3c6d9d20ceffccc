"""Does the search know what the shop sells? One line of `manage.py doctor`."""

from collections.abc import Iterable

from deferral.health import Finding, health_check
from deferral.models import Job
from shop.models import ProductSearch
from shop.search.lagging import lag

TASKS = ("shop.index_products", "shop.sweep_search")
UNDER_WAY = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)
WHAT_TO_DO = "the hourly sweep finds them, and manage.py reindex makes all of it again"


@health_check
def check_search() -> Iterable[Finding]:
    """Well where it is behind and a job is on its way: a moment ago somebody changed something."""
    if not (behind := lag()):
        known = f"knows all products as they are ({ProductSearch.objects.count():,})"
        yield Finding(name="search", well=True, detail=known)
        return
    jobs = Job.objects.filter(task__in=TASKS, state__in=UNDER_WAY).count()
    told = f"behind by {behind}; jobs under way: {jobs:,}"
    yield Finding(name="search", well=bool(jobs), detail=told if jobs else f"{told}; {WHAT_TO_DO}")
