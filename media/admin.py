"""Uploads in the admin: what each is, what is made of it, how far that is, and who may see it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.read_only import ReadOnly
from deferral.models import Job
from media.addresses import film_address, picture_address
from media.films.looking import refusal_of
from media.models import Asset, Variant
from media.undecided import undecided
from media.verdicts import refuse, release

__all__ = ["AssetAdmin", "undecided"]

DECIDES = "media.change_asset"
TONES = {Asset.Verdict.OK: "good", Asset.Verdict.REVIEW: "busy", Asset.Verdict.REFUSED: "bad"}


def may_decide(request: HttpRequest) -> bool:
    """Who may say what is shown."""
    return request.user.has_perm(DECIDES)


DECISIONS = {
    "show": Decision(
        verb="Show",
        consequence="Everybody can see it from now on, as far as it is made.",
        done="can be seen by everybody.",
        service=release,
        may=may_decide,
        allowed=lambda asset: asset.verdict != Asset.Verdict.OK and asset.variants.exists(),
    ),
    "refuse": Decision(
        verb="Refuse",
        consequence="Nobody sees it from now on. Browsers that have it already keep it.",
        done="is not shown.",
        service=refuse,
        may=may_decide,
        allowed=lambda asset: asset.verdict != Asset.Verdict.REFUSED,
    ),
}


@admin.register(Asset)
class AssetAdmin(ReadOnly[Asset]):
    """Read, and decided about; code alone writes it."""

    list_display = ("name", "kind", "size_seen", "shown", "uploaded_by", "age")
    list_filter = ("verdict", "kind")
    search_fields = ("=tag", "=uploaded_by")
    fields = (
        "name",
        "kind",
        "format",
        "size_seen",
        "length",
        "shown",
        "uploaded_by",
        "age",
    )
    change_form_template = "admin/media/asset.html"

    def get_urls(self) -> list[URLPattern]:
        """With what may be decided."""
        view = self.admin_site.admin_view(self.decide)
        address = "<int:asset_id>/decide/<slug:verb>/"
        return [path(address, view, name="media_asset_decide"), *super().get_urls()]

    def decide(self, request: HttpRequest, asset_id: int, verb: str) -> HttpResponse:
        """Show it, or refuse it."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, self.get_queryset(request), asset_id, DECISIONS[verb])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what is made of it, and what may be decided."""
        if asset := kwargs.get("obj"):
            context |= {"files": files_of(asset), "jobs": jobs_of(asset)}
            context |= {"refusal": refusal_of(asset), "choices": choices(request, asset)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="pixels", ordering="width")
    def size_seen(self, asset: Asset) -> str:
        """As it is seen."""
        return f"{asset.width} x {asset.height}" if asset.width else formatting.NOTHING

    @admin.display(description="length")
    def length(self, asset: Asset) -> str:
        """Of a film."""
        return f"{asset.seconds:g} s" if asset.seconds else formatting.NOTHING

    @admin.display(description="verdict", ordering="verdict")
    def shown(self, asset: Asset) -> str:
        """Whether it may be seen."""
        verdict = Asset.Verdict(asset.verdict)
        return formatting.pill(verdict.label, TONES.get(verdict, ""))

    @admin.display(description="sent", ordering="uploaded_at")
    def age(self, asset: Asset) -> str:
        """How long ago."""
        return formatting.ago(asset.uploaded_at)


def files_of(asset: Asset) -> dict[str, list[tuple[Variant, str]]]:
    """By their kind, with their addresses; of a picture those that every browser knows."""
    found: dict[str, list[tuple[Variant, str]]] = {}
    rows = asset.variants.filter(format__in=("jpeg", "mp4"), forgotten_at=None)
    for each in rows.order_by("measure"):
        address = picture_address if each.kind == Variant.Kind.PICTURE else film_address
        found.setdefault(each.kind, []).append((each, address(asset.tag, each)))
    return found


def jobs_of(asset: Asset) -> list[tuple[Job, str, str]]:
    """Each with its state and how far it is."""
    rows = Job.objects.filter(subject=asset.subject).prefetch_related("steps").order_by("id")
    return [(job, formatting.state_pill(job.state), _how_far(job)) for job in rows]


def _how_far(job: Job) -> str:
    if job.state in {Job.State.DEAD, Job.State.DISCARDED}:
        return job.cause
    steps = [step for step in job.steps.all() if step.total and step.ended_at is None]
    return ", ".join(f"{step.done} of {step.total} {step.unit}" for step in steps)


def choices(request: HttpRequest, asset: Model) -> list[tuple[str, str]]:
    """What may be decided now, and where."""
    return [
        (one.verb, reverse("admin:media_asset_decide", args=[asset.pk, name]))
        for name, one in possible(request, asset, DECISIONS).items()
    ]
