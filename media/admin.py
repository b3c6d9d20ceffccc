"""Uploads in the admin: what each is, what is made of it, how far that is, and who may see it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.read_only import ReadOnly
from media.belonging import decided_at
from media.models import Asset
from media.progress import Made, made_of, poll, verdict_pill
from media.undecided import undecided
from media.verdicts import refuse, release

__all__ = ["AssetAdmin", "undecided"]

DECIDES = "media.change_asset"


def may_decide(request: HttpRequest) -> bool:
    """Who may say what is shown."""
    return request.user.has_perm(DECIDES)


def may_be_shown(asset: Asset) -> bool:
    """There is something of it, and not everybody sees it."""
    return asset.verdict != Asset.Verdict.OK and asset.variants.exists()


DECISIONS = {
    "show": Decision(
        verb="Show",
        consequence="Everybody can see it from now on, as far as it is made.",
        done="can be seen by everybody.",
        service=release,
        may=may_decide,
        allowed=lambda asset: may_be_shown(asset) and not decided_at(asset),
    ),
    "refuse": Decision(
        verb="Refuse",
        consequence="Nobody sees it from now on. Browsers that have it already keep it.",
        done="is not shown.",
        service=refuse,
        may=may_decide,
        allowed=lambda asset: asset.verdict != Asset.Verdict.REFUSED and not decided_at(asset),
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
        "moderated",
        "uploaded_by",
        "age",
    )
    change_form_template = "admin/media/asset.html"

    def get_urls(self) -> list[URLPattern]:
        """With what may be decided, and how far it is."""
        decide = self.admin_site.admin_view(self.decide)
        return [
            path("<int:asset_id>/decide/<slug:verb>/", decide, name="media_asset_decide"),
            path("<int:asset_id>/made/", self.made, name="media_asset_made"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, asset_id: int, verb: str) -> HttpResponse:
        """Show it, or refuse it."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, self.get_queryset(request), asset_id, DECISIONS[verb])

    def made(self, request: HttpRequest, asset_id: int) -> HttpResponse:
        """What is made of it by now, for its page. 403 where a session has ended."""
        if not (self.admin_site.has_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        return poll(request, made(request, get_object_or_404(Asset, pk=asset_id)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what is made of it, and what may be decided."""
        if asset := kwargs.get("obj"):
            context |= {"made": made(request, asset), "is_live": True}
            context["elsewhere"] = decided_at(asset)
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
        return verdict_pill(asset)

    @admin.display(description="sent", ordering="uploaded_at")
    def age(self, asset: Asset) -> str:
        """How long ago."""
        return formatting.ago(asset.uploaded_at)


def made(request: HttpRequest, asset: Asset) -> Made:
    """With what may be decided now."""
    address = reverse("admin:media_asset_made", args=[asset.pk])
    return made_of(request, asset, address=address, choices=choices(request, asset))


def choices(request: HttpRequest, asset: Asset) -> list[tuple[str, str]]:
    """What may be decided now, and where."""
    return [
        (one.verb, reverse("admin:media_asset_decide", args=[asset.pk, name]))
        for name, one in possible(request, asset, DECISIONS).items()
    ]
