"""Every intervention: who replayed, discarded or held what, when, and why."""

from django.contrib import admin

from deferral.admin import markup
from deferral.admin.searching import Findable
from deferral.models import Intervention

HARMLESS = {Intervention.Action.REPLAY, Intervention.Action.RELEASE}


@admin.register(Intervention)
class InterventionAdmin(Findable[Intervention]):
    """One line for each row that was touched: a decision about a hundred is a hundred lines."""

    ordering = ("-id",)
    list_display = ("when", "what", "by", "about", "reason")
    list_filter = ("action", "at")
    list_select_related = ("job", "event", "breaker")
    search_fields = ("job__key__startswith", "by__exact", "reason__icontains")
    search_help_text = "A login, the beginning of a job's key, or words of the reason."
    fields = ("when", "what", "by", "about", "reason")

    @admin.display(ordering="at")
    def when(self, intervention: Intervention) -> str:
        """To the second."""
        return markup.clock(intervention.at)

    @admin.display(description="action", ordering="action")
    def what(self, intervention: Intervention) -> str:
        """What was decided."""
        return markup.pill(
            intervention.get_action_display().lower(),
            "" if intervention.action in HARMLESS else "wait",
        )

    @admin.display
    def about(self, intervention: Intervention) -> str:
        """The job, the event or the stranger."""
        return markup.link_to(intervention.job or intervention.event or intervention.breaker)
