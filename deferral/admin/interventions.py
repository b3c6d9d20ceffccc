"""Every intervention: who replayed or discarded what, when, and why."""

from django.contrib import admin

from deferral.admin import markup
from deferral.admin.searching import Findable
from deferral.models import Intervention


@admin.register(Intervention)
class InterventionAdmin(Findable[Intervention]):
    """One line for each row that was touched: a decision about a hundred is a hundred lines."""

    ordering = ("-id",)
    list_display = ("when", "what", "by", "about", "reason")
    list_filter = ("action", "at")
    list_select_related = ("job", "event")
    search_fields = ("job__key__startswith", "by__exact", "reason__icontains")
    search_help_text = "A login, the beginning of a job's key, or words of the reason."
    fields = ("when", "what", "by", "about", "reason")

    @admin.display(ordering="at")
    def when(self, intervention: Intervention) -> str:
        """To the second."""
        return markup.clock(intervention.at)

    @admin.display(description="action", ordering="action")
    def what(self, intervention: Intervention) -> str:
        """Replay or discard."""
        return markup.pill(intervention.action, "wait" if intervention.action == "discard" else "")

    @admin.display
    def about(self, intervention: Intervention) -> str:
        """The job or the event."""
        return markup.link_to(intervention.job or intervention.event)
