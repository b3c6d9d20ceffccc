"""Every intervention: who decided what, about what, when, and why. They stay for good."""

from django.contrib import admin

from deferral.admin.kit import formatting
from deferral.admin.kit.searching import Findable
from deferral.models import Intervention

HARMLESS = {
    Intervention.Action.REPLAY,
    Intervention.Action.RELEASE,
    Intervention.Action.RUN,
    Intervention.Action.DECIDE,
}


@admin.register(Intervention)
class InterventionAdmin(Findable[Intervention]):
    """One line for each row that was touched: a decision about a hundred is a hundred lines."""

    ordering = ("-id",)
    list_display = ("when", "what", "by", "what_about", "reason")
    list_filter = ("action", "at")
    list_select_related = ("job", "event", "breaker")
    search_fields = ("subject__in", "by__exact", "about__startswith", "reason__icontains")
    search_help_text = (
        "The number of an order, a login, the beginning of a job's key, or words of the reason."
    )
    fields = ("when", "what", "by", "what_about", "subject", "reason")

    @admin.display(ordering="at")
    def when(self, intervention: Intervention) -> str:
        """When it was decided, in the time zone of the settings."""
        return formatting.clock(intervention.at)

    @admin.display(description="action", ordering="action")
    def what(self, intervention: Intervention) -> str:
        """The action's label; it warns unless the action is harmless."""
        return formatting.pill(
            intervention.get_action_display().lower(),
            "" if intervention.action in HARMLESS else "wait",
        )

    @admin.display(description="about", ordering="about")
    def what_about(self, intervention: Intervention) -> str:
        """The job, the event or the external service; its name alone once it is gone."""
        row = intervention.job or intervention.event or intervention.breaker
        return formatting.link_to(row) if row else intervention.about
