"""Campaigns that are under way, on the admin's first page; one that stands still says why."""

from collections import Counter
from collections.abc import Iterator

from deferral.first_page import Panel, on_first_page
from notifications.admin.campaigns.live import pill
from notifications.campaigns.dead import dead_jobs
from notifications.models import Campaign

SHOWN = 10


@on_first_page("notifications.view_campaign")
def under_way() -> Iterator[Panel]:
    """Two queries: the campaigns, and their dead jobs. Nothing while there is none."""
    rows = Campaign.objects.filter(state__in=Campaign.OPEN).defer("words", "html", "text")
    if found := list(rows[:SHOWN]):
        yield Panel(
            title="Campaigns under way",
            template="admin/notifications/panels/under_way.html",
            context={"campaigns": [(one, pill(one)) for one in found]},
            warnings=tuple(stands_still(found)),
            place=40,
        )


def stands_still(campaigns: list[Campaign]) -> Iterator[str]:
    """Paused by somebody, or by itself because too much failed; or one of its jobs is dead."""
    dead = Counter(dead_jobs(campaigns).values_list("subject", flat=True))
    for one in campaigns:
        if one.state == Campaign.State.PAUSED:
            yield f"The campaign “{one.title}” is paused: {one.paused_because}"
        if count := dead[one.subject]:
            yield (
                f"The campaign “{one.title}” stands still in part: dead letters of it: {count}. "
                "Its page names them."
            )
