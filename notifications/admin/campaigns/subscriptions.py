"""Who wants the newsletter, and which addresses are left out. Nobody subscribes somebody else."""

from django.contrib import admin
from django.http import HttpRequest

from deferral.admin.kit.read_only import ReadOnly
from deferral.admin.kit.searching import Findable
from notifications.models import Subscription, Suppression


@admin.register(Subscription)
class SubscriptionAdmin(Findable[Subscription]):
    """What each has said, and when."""

    ordering = ("-id",)
    list_display = ("address", "name", "state", "asked_at", "confirmed_at", "ended_at")
    list_filter = ("state",)
    search_fields = ("address__in",)
    search_help_text = "A whole address, as it was written."


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly[Suppression]):
    """Why each is left out. Deleting one has it mailed again from the next campaign on."""

    ordering = ("-id",)
    list_display = ("address", "because", "at")
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        """Somebody has found that the mailbox works again: one at a time."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
