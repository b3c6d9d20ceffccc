"""SMS in the admin: that one was sent, to whom as far as anybody needs to know."""

from django.contrib import admin

from accounts.telephones import masked
from deferral.admin.kit import formatting
from deferral.admin.kit.searching import Findable
from notifications.models import SentSms


@admin.register(SentSms)
class SentSmsAdmin(Findable[SentSms]):
    """Found by order or key. The whole number stands with its order."""

    ordering = ("-id",)
    list_display = ("sent", "number_masked", "text", "its_order", "segments")
    list_display_links = ("sent",)
    list_filter = ("sent_at",)
    search_fields = ("about__in", "key__startswith")
    search_help_text = "An order's number, or the beginning of a job's key."
    fields = ("sent", "number_masked", "text", "segments", "its_order", "key", "name")

    @admin.display(description="sent", ordering="sent_at")
    def sent(self, sms: SentSms) -> str:
        """When it had been taken."""
        return formatting.clock(sms.sent_at)

    @admin.display(description="to")
    def number_masked(self, sms: SentSms) -> str:
        """Its country and its end."""
        return masked(sms.number)

    @admin.display(description="about")
    def its_order(self, sms: SentSms) -> str:
        """Everything done about the same subject."""
        return formatting.jobs_about(sms.about)
