"""What others told us: each notice once, however often it came."""

from django.contrib import admin

from deferral.admin.kit import formatting
from deferral.admin.kit.searching import Findable
from deferral.models import IncomingNotice


@admin.register(IncomingNotice)
class IncomingNoticeAdmin(Findable[IncomingNotice]):
    """Found by what it is about, or by its sender's name for it."""

    ordering = ("-id",)
    list_display = ("kind", "about", "source", "external_id", "when")
    search_fields = ("about__exact", "external_id__exact")
    search_help_text = "The sender's name of what it is about, such as a payment, or of the notice."
    fields = ("kind", "about", "source", "external_id", "when", "content")

    @admin.display(description="received", ordering="received_at")
    def when(self, notice: IncomingNotice) -> str:
        """To the second."""
        return formatting.clock(notice.received_at)
