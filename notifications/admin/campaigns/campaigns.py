"""Campaigns: written, tried out, counted, started, watched. Never deleted."""

from typing import Any

from csp.decorators import csp
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.refusing import refusal
from deferral.guarded import Guarded
from notifications.admin.campaigns import live
from notifications.admin.campaigns.decisions import ABOUT_CAMPAIGNS, may_write
from notifications.admin.campaigns.form import CampaignForm
from notifications.admin.mails import LOCKED
from notifications.campaigns.trial import ask_for_test
from notifications.campaigns.writing import as_html
from notifications.models import Campaign
from orders.admin.sections import decided_about

WRITTEN = ("title", "words", "bought", "per_minute")


@admin.register(Campaign)
class CampaignAdmin(Guarded[Campaign]):
    """The list, and a page to write one, or to watch it."""

    form = CampaignForm
    change_form_template = "admin/notifications/campaign.html"
    ordering = ("-id",)
    list_display = ("title", "state_shown", "bought", "started_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("title",)
    fields = WRITTEN

    def get_urls(self) -> list[URLPattern]:
        """With a page for each thing that is decided, what it looks like, and its progress."""
        view, here, name = self.admin_site.admin_view, "<int:campaign_id>", "notifications_campaign"
        return [
            path(f"{here}/decide/<slug:verb>/", view(self.decide), name=f"{name}_decide"),
            path(f"{here}/test/", view(self.test), name=f"{name}_test"),
            path(f"{here}/html/", view(self.html), name=f"{name}_html"),
            path(f"{here}/progress/", self.progress, name=f"{name}_progress"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Whoever asks why they were mailed is told."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """What has started says what it said."""
        is_open = obj is None or obj.state == Campaign.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def save_model(
        self,
        request: HttpRequest,
        obj: Campaign,
        form: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Write what was changed and nothing else, unless somebody has started it meanwhile."""
        if not change:
            obj.save()
            return
        rows = Campaign.objects.filter(pk=obj.pk, state=Campaign.State.DRAFT)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed and not rows.update(**changed):
            raise PermissionDenied

    def decide(self, request: HttpRequest, campaign_id: int, verb: str) -> HttpResponse:
        """Start, pause, resume, cancel. To start much is refused while there is too much."""
        if verb not in ABOUT_CAMPAIGNS:
            raise Http404
        is_start = verb == "start" and request.method == "POST" and may_write(request)
        refused = refusal(request, queues=["mailings"]) if is_start else None
        one = ABOUT_CAMPAIGNS[verb]
        return refused or decide(self, request, Campaign.objects.all(), campaign_id, one)

    def test(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """On POST: mail it to whoever is logged in. Either way its page is next."""
        if not may_write(request):
            raise PermissionDenied
        campaign = get_object_or_404(Campaign, pk=campaign_id)
        if request.method == "POST":
            ask_for_test(campaign_id=campaign.pk, user_id=int(request.user.pk or 0))
            said = f"A test is on its way to {request.user.get_username()}."
            self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:notifications_campaign_change", campaign.pk)

    @method_decorator([never_cache, xframe_options_sameorigin, csp(LOCKED)])
    def html(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """The mail as it looks, locked up."""
        campaign = self._seen(request, campaign_id)
        return HttpResponse(campaign.html or as_html(campaign))

    def progress(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """How far it is, for the page that asks each second. Refused, not led to the login."""
        if not self.admin_site.has_permission(request):
            raise PermissionDenied
        return live.poll(request, self._seen(request, campaign_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what this person may decide, how far it is, and what was decided."""
        campaign: Campaign | None = kwargs.get("obj")
        if campaign is not None:
            is_draft = campaign.state == Campaign.State.DRAFT
            context["may_test"] = may_write(request) and is_draft
            context["section"] = decided_about(campaign)
            if is_draft:
                context["decisions"] = possible(request, campaign, ABOUT_CAMPAIGNS)
            else:
                context |= {"live": live.context_of(request, campaign), "is_live": True}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="state", ordering="state")
    def state_shown(self, campaign: Campaign) -> str:
        """As a pill."""
        return live.pill(campaign)

    def _seen(self, request: HttpRequest, campaign_id: int) -> Campaign:
        campaign = get_object_or_404(Campaign, pk=campaign_id)
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        return campaign
