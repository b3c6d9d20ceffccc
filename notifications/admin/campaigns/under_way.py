"""Campaigns that are under way, on the admin's first page; one that stands still says why."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet

from deferral.first_page import Panel, on_first_page
from notifications.admin.campaigns.live import pill
from notifications.campaigns.dead import counted, waited_for
from notifications.models import Campaign

SHOWN = 10


@on_first_page("notifications.view_campaign")
def under_way() -> Iterator[Panel]:
    """Two queries: the campaigns, and their dead jobs. Nothing while there is none.

    A third where a dead job is of a campaign that is under way no more.
    """
    dead = counted()
    found = list(_short(Campaign.objects.filter(state__in=Campaign.OPEN)))
    if others := dead.keys() - {one.pk for one in found}:
        found += _short(waited_for(others))
    if found:
        yield Panel(
            title="Campaigns under way",
            template="admin/notifications/panels/under_way.html",
            context={"campaigns": [(one, pill(one)) for one in found]},
            warnings=tuple(stands_still(found, dead)),
            place=40,
        )


def _short(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    return rows.defer("words", "html", "text")[:SHOWN]


def stands_still(campaigns: list[Campaign], dead: Mapping[int, int]) -> Iterator[str]:
    """Paused by somebody, or by itself because too much failed; or one of its jobs is dead."""
    for one in campaigns:
        if one.state == Campaign.State.PAUSED:
            yield f"The campaign “{one.title}” is paused: {one.paused_because}"
        if count := dead.get(one.pk):
            yield (
                f"The campaign “{one.title}” stands still in part: dead letters of it: {count}. "
                "Its page names them."
            )
