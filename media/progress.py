"""An upload in the admin, moving by itself: its jobs, what is made of it by now, what was decided.

A page shows it by `{% include "admin/media/_made.html" with made=made %}`, has `is_live` in its
context and `media/films.css`. A view at `address` answers with `poll`, for whoever may see the
page, and with 403 to whoever may not any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from deferral.admin.kit import formatting
from deferral.admin.kit.live_progress import MOVING, WAITING, LiveProgress, live_progress
from deferral.models import Job
from media.addresses import film_address, picture_address
from media.films.looking import refusal_of
from media.models import Asset, Variant
from media.underway import NEWS

TEMPLATE = "admin/media/_made.html"
TONES = {Asset.Verdict.OK: "good", Asset.Verdict.REVIEW: "busy", Asset.Verdict.REFUSED: "bad"}
TITLES = {
    "media.look_at_film": "First look",
    "media.make_stills": "Stills",
    "media.judge_film": "Verdict",
    "media.make_picture": "Sizes",
    NEWS: "News of it",
}
GIVEN_UP = (Job.State.DEAD, Job.State.DISCARDED)
# Of a picture those that every browser knows.
FORMATS = ("jpeg", "mp4")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of its jobs. `failed` says why it is not done, for good; `address` is its page, "" for
    whoever may not see jobs.
    """

    title: str
    live: LiveProgress
    failed: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What the template draws. `every` is "" once nothing more is to come. `choices` are verbs and
    where each is asked about.
    """

    asset: Asset
    verdict: SafeString
    refusal: str
    parts: Sequence[Part]
    files: dict[str, list[tuple[Variant, str]]]
    choices: Choices
    address: str
    version: str
    every: str


def made_of(request: HttpRequest, asset: Asset, *, address: str, choices: Choices = ()) -> Made:
    """As it is now."""
    jobs, files, refusal = _jobs(asset), files_of(asset), refusal_of(asset)
    parts = [_part(request, job) for job in jobs]
    seen = [asset.verdict, refusal, choices, [part.live.version for part in parts]]
    seen += [[where for _, where in found] for found in files.values()]
    return Made(
        asset=asset,
        verdict=verdict_pill(asset),
        refusal=refusal,
        parts=parts,
        files=files,
        choices=choices,
        address=address,
        version=f"{crc32(repr(seen).encode()):x}",
        every=_every(jobs, is_begun=bool(files or refusal)),
    )


def poll(request: HttpRequest, made: Made) -> HttpResponse:
    """It again. 204 while it would look like version `v`."""
    same = request.GET.get("v", "") == made.version
    answer = HttpResponse(status=204) if same else render(request, TEMPLATE, {"made": made})
    answer["Cache-Control"] = "no-store"
    return answer


def verdict_pill(asset: Asset) -> SafeString:
    """Whether it may be seen."""
    verdict = Asset.Verdict(asset.verdict)
    return formatting.pill(verdict.label, TONES.get(verdict, ""))


def files_of(asset: Asset) -> dict[str, list[tuple[Variant, str]]]:
    """By their kind, with their addresses."""
    found: dict[str, list[tuple[Variant, str]]] = {}
    for each in asset.variants.filter(format__in=FORMATS, forgotten_at=None).order_by("measure"):
        address = picture_address if each.kind == Variant.Kind.PICTURE else film_address
        found.setdefault(each.kind, []).append((each, address(asset.tag, each)))
    return found


def _jobs(asset: Asset) -> list[Job]:
    """As they were written; the news, which was written first, comes last."""
    rows = Job.objects.filter(subject=asset.subject).prefetch_related("steps")
    return sorted(rows, key=lambda job: (job.task == NEWS, job.pk))


def _part(request: HttpRequest, job: Job) -> Part:
    address = reverse("admin:deferral_job_change", args=[job.pk])
    may_look = request.user.has_perm("deferral.view_job")
    size = job.kwargs.get("size")
    return Part(
        title=f"{size}p" if size else TITLES.get(job.task, job.task),
        live=live_progress(job, address=address),
        failed=job.cause if job.state in GIVEN_UP else "",
        address=address if may_look else "",
    )


def _every(jobs: Sequence[Job], *, is_begun: bool) -> str:
    """Its first job is about to be written, until something came of it; later they are deleted."""
    states = {job.state for job in jobs}
    if Job.State.RUNNING in states or not (jobs or is_begun):
        return MOVING
    return WAITING if states - {*Job.SETTLED} else ""
