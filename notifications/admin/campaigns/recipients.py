"""Who was sent what, and one mail sent again of which nobody knows."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.searching import Findable
from notifications.admin.campaigns.decisions import ABOUT_RECIPIENTS
from notifications.gateway import message_id
from notifications.models import Recipient

TONES = {
    "sent": "good",
    "sending": "busy",
    "todo": "wait",
    "bounced": "bad",
    "failed": "bad",
    "in_doubt": "wait",
}


@admin.register(Recipient)
class RecipientAdmin(Findable[Recipient]):
    """Found by the address; nothing is edited."""

    change_form_template = "admin/notifications/recipient.html"
    ordering = ("-id",)
    list_display = ("address", "campaign", "state_shown", "because", "done")
    list_filter = ("state",)
    linked = ("campaign__id__exact",)
    search_fields = ("address__in",)
    search_help_text = "A whole address, as it was written."
    fields = (
        "address",
        "name",
        "campaign",
        "state_shown",
        "because",
        "tries",
        "message",
        "done",
        "unsubscribed_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipient]:
        """With the campaign's name."""
        return super().get_queryset(request).select_related("campaign")

    def get_urls(self) -> list[URLPattern]:
        """With the page that asks why one is sent again."""
        view = self.admin_site.admin_view(self.decide)
        name = "notifications_recipient_decide"
        return [
            path("<int:recipient_id>/decide/<slug:verb>/", view, name=name),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, recipient_id: int, verb: str) -> HttpResponse:
        """Send again."""
        if verb not in ABOUT_RECIPIENTS:
            raise Http404
        rows = Recipient.objects.select_related("campaign")
        return decide(self, request, rows, recipient_id, ABOUT_RECIPIENTS[verb])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """With the button, for who may press it."""
        row = self.get_object(request, object_id)
        decisions = possible(request, row, ABOUT_RECIPIENTS) if row else {}
        return super().change_view(request, object_id, form_url, {"decisions": decisions})

    @admin.display(description="state", ordering="state")
    def state_shown(self, row: Recipient) -> str:
        """As a pill."""
        return formatting.pill(row.get_state_display().lower(), TONES.get(row.state, ""))

    @admin.display(description="since", ordering="done_at")
    def done(self, row: Recipient) -> str:
        """When it came to its state."""
        return formatting.clock(row.done_at)

    @admin.display(description="Message-ID")
    def message(self, row: Recipient) -> str:
        """By which every mail server on the way knows it."""
        return message_id(row.key)
