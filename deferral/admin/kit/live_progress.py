"""A long job's steps on a page, moving by themselves: in the admin, and for any app above it.

A page shows them by `{% include "admin/deferral/_progress.html" with live=live %}` and has
`is_live` in its context, for which the admin's base template loads htmx. A view at `address`
answers with `poll`. Both make the same `live_progress`, after they have asked who may look:

    def export_page(request, export_id):
        return render(request, "…", {"live": live(request, export_id), "is_live": True})

    def export_progress(request, export_id):
        return poll(request, live(request, export_id))

Without JavaScript the page stands as it was when it was opened. Where a session has ended,
`address` must refuse with 403: the page of a login would stand in the page otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from deferral.admin.kit import formatting
from deferral.ledger.progress import StepProgress, progress_of
from deferral.ledger.why import why_it_waits
from deferral.models import Job

TEMPLATE = "admin/deferral/_progress.html"
# How often it is asked: while it moves by itself, and while it waits for somebody.
MOVING, WAITING = "1s", "4s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """A link beside the bars: what may be decided, or had, now."""

    label: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One step as it is read. `percent` is None where its end is not known: no bar then."""

    name: str
    percent: int | None
    state: str
    tone: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveProgress:
    """What the template draws. `every` is "" for what is over: it is not asked about any more."""

    id: int
    address: str
    pill: SafeString
    asked: str
    why: str
    bars: tuple[Bar, ...]
    actions: tuple[Action, ...]
    version: str
    every: str


def live_progress(job: Job, *, address: str, actions: Sequence[Action] = ()) -> LiveProgress:
    """How far it is, and what may be done with it, as it is now. `address` is where `poll` is."""
    found, why = progress_of(job), why_it_waits(job)
    running = job.state == Job.State.RUNNING
    seen = f"{why}{actions}".encode()
    return LiveProgress(
        id=job.pk,
        address=address,
        pill=formatting.state_pill(job.state),
        asked=ASKED[job.asked] if running else "",
        why=why,
        bars=tuple(bar(one, is_running=running) for one in found.steps),
        actions=tuple(actions),
        version=f"{found.version}-{crc32(seen):x}",
        every="" if job.state in Job.SETTLED else MOVING if running else WAITING,
    )


def soon(id_: int, *, address: str, actions: Sequence[Action] = ()) -> LiveProgress:
    """What was asked for a moment ago, whose job the relay has yet to write."""
    return LiveProgress(
        id=id_,
        address=address,
        pill=formatting.state_pill(Job.State.PENDING),
        asked="",
        why="Its job is about to be written.",
        bars=(),
        actions=tuple(actions),
        version="0",
        every=MOVING,
    )


def poll(request: HttpRequest, live: LiveProgress) -> HttpResponse:
    """The steps again. 204 while they would look like version `v`: next to no work."""
    same = request.GET.get("v", "") == live.version
    answer = HttpResponse(status=204) if same else render(request, TEMPLATE, {"live": live})
    answer["Cache-Control"] = "no-store"
    return answer


def bar(step: StepProgress, *, is_running: bool) -> Bar:
    """It reads 100 % when it is over, and not before."""
    over = step.ended_at is not None
    state, tone = OVER if over else UNDER_WAY if is_running else STOPPED
    percent = None if step.share is None else 100 if over else min(99, int(step.share * 100))
    return Bar(name=step.name, percent=percent, state=state, tone=tone, said=said(step, percent))


def said(step: StepProgress, percent: int | None) -> str:
    """As `400 of 1,000 rows, 40 %, since 14:02:09.120, about 30 s left`."""
    if step.ended_at:
        counted = f"{step.done:,} {step.unit}, " if step.done else ""
        return f"{counted}in {formatting.span(step.took)}"
    of = f" of {step.total:,}" if step.total is not None else ""
    known = "" if percent is None else f", {percent}{formatting.GAP}%"
    left = "" if step.left is None else f", about {formatting.span(step.left)} left"
    began = formatting.clock(step.since)[:-4]
    return f"{step.done:,}{of} {step.unit}".rstrip() + f"{known}, since {began}{left}"


OVER, UNDER_WAY, STOPPED = ("done", "good"), ("under way", "busy"), ("stopped", "wait")
ASKED = {
    "": "",
    "pause": "Somebody has paused it: it stops at its next checkpoint.",
    "cancel": "Somebody has cancelled it: it stops at its next checkpoint.",
}
