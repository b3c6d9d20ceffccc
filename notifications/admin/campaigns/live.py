"""A campaign's progress on its page, moving by itself, with a chart."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import possible
from deferral.external.breakers import open_breakers
from notifications.admin.campaigns.decisions import ABOUT_CAMPAIGNS
from notifications.campaigns.dead import NAMED as NAMED_DEAD
from notifications.campaigns.progress import COLUMNS, CampaignProgress, Column, progress_of
from notifications.campaigns.transport import CAMPAIGN_MAIL
from notifications.models import Campaign, Recipient

TEMPLATE = "admin/notifications/_campaign_progress.html"
MOVING, WAITING = "1s", "4s"
# The chart, in its own units.
HEIGHT, STEP, BAR = 120, 16, 12
# So many in doubt are named; all of them are in the list.
NAMED = 50
TONES = {
    "draft": "",
    "freezing": "busy",
    "running": "busy",
    "paused": "wait",
    "finished": "good",
    "cancelled": "",
}
MOVES = (Campaign.State.FREEZING, Campaign.State.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One column of the chart: what was sent stands below, what came to nothing on top."""

    x: int
    top: int
    height: int
    lost_top: int
    lost: int
    label: str


def pill(campaign: Campaign) -> str:
    """Its state."""
    return formatting.pill(campaign.get_state_display().lower(), TONES[campaign.state])


def context_of(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What the template draws. `every` is "" for what is over: it is not asked about any more."""
    now = progress_of(campaign)
    running = campaign.state == Campaign.State.RUNNING
    done, of = (now.total, now.expected) if now.is_freezing else (now.over, now.total)
    doubted = campaign.recipients.filter(state=Recipient.State.IN_DOUBT)
    return {
        "campaign": campaign,
        "pill": pill(campaign),
        "now": now,
        "rows": rows_of(now),
        "step": "Freezing the audience" if now.is_freezing else "Mails",
        "said": f"{done:,} of {of:,}",
        "percent": min(99 if now.is_freezing or done < of else 100, int(100 * done / (of or 1))),
        "left": formatting.span(now.left) if now.left else "",
        "bars": bars(now.columns),
        "width": STEP * COLUMNS,
        "height": HEIGHT,
        "doubted": list(doubted[:NAMED]),
        "decisions": possible(request, campaign, ABOUT_CAMPAIGNS),
        "away": running and CAMPAIGN_MAIL in open_breakers(),
        "every": pace(campaign, now),
        "dead": now.dead[:NAMED_DEAD],
        "more_dead": len(now.dead) > NAMED_DEAD,
        "may_see_jobs": request.user.has_perm("deferral.view_job"),
        "address": reverse("admin:notifications_campaign_progress", args=[campaign.pk]),
    }


def pace(campaign: Campaign, now: CampaignProgress) -> str:
    """How often it is asked about. A cancelled one moves until everybody else is skipped."""
    if campaign.state in MOVES:
        return MOVING
    return WAITING if campaign.is_open or now.over < now.total else ""


def poll(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The same again. 204 while it would look like version `v`."""
    same = request.GET.get("v", "") == progress_of(campaign).version
    answer = (
        HttpResponse(status=204)
        if same
        else render(request, TEMPLATE, {"live": context_of(request, campaign)})
    )
    answer["Cache-Control"] = "no-store"
    return answer


def rows_of(now: CampaignProgress) -> list[tuple[str, int]]:
    """Every state that somebody is in, as people read it."""
    named = [(state.label.lower(), now.counts.get(state, 0)) for state in Recipient.State]
    return [
        *((label, count) for label, count in named if count),
        ("unsubscribed", now.unsubscribed),
    ]


def bars(columns: list[Column] | Any) -> list[Bar]:
    """Where each stands, and how high."""
    most = max((one.sent + one.lost for one in columns), default=0) or 1
    return [bar(place, one, most) for place, one in enumerate(columns)]


def bar(place: int, one: Column, most: int) -> Bar:
    """A column with anything in it can be seen."""
    height, lost = (-(-count * HEIGHT // most) for count in (one.sent, one.lost))
    label = f"{one.begins:%H:%M:%S}"
    return Bar(
        x=place * STEP + 2,
        top=HEIGHT - height,
        height=height,
        lost_top=HEIGHT - height - lost,
        lost=lost,
        label=label,
    )
