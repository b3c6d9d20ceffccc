"""Mails in the admin: each as it was sent, and the confirmation to be sent again."""

import re
from typing import Any, ClassVar

from csp.decorators import csp
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision
from deferral.admin.kit.searching import Findable
from notifications.models import SentMail
from notifications.services import resend_confirmation
from orders.admin.decisions import DECISIONS, may_decide
from orders.admin.sections import Section, on_order_page
from orders.models import Order

# A mail's own styles and nothing else: no script, no picture from elsewhere, no form, no way out
# of its frame. `sandbox` gives it an origin of its own, also when it is opened by itself.
LOCKED = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'none'"],
    "sandbox": True,
}


TOKEN = re.compile(r"\btoken=[\w-]+")
# Whoever has it confirms, or ends, what only the mailbox's owner may.
CONSENT = re.compile(r"(/newsletter/(?:confirm|leave)/)[\w:.=-]+")


def without_token(text: str) -> str:
    """The mail without what opens the order to whoever reads it."""
    return TOKEN.sub("token=[hidden]", without_consent(text))


def without_consent(text: str) -> str:
    """The mail without what decides about the newsletter: for everybody."""
    return CONSENT.sub(r"\1[hidden]", text)


def may_confirm(order: Order) -> bool:
    """What is paid was confirmed, or will be."""
    return order.state == Order.State.PAID


DECISIONS.fill(
    "resend",
    Decision(
        verb="Send confirmation again",
        may=may_decide,
        allowed=may_confirm,
        service=resend_confirmation,
        consequence="The customer gets the confirmation once more, with every document that "
        "exists.",
        done="will be confirmed once more. It is under way below.",
    ),
)


@on_order_page("notifications.view_sentmail")
def mails(order: Order) -> Section:
    """What the customer was sent about it, the latest first."""
    found = SentMail.objects.filter(about=order.subject).defer("text", "html").order_by("-id")
    return Section(
        title="Mails as sent",
        template="admin/notifications/_mails.html",
        context={"mails": found},
        place=20,
    )


@admin.register(SentMail)
class SentMailAdmin(Findable[SentMail]):
    """Found by order, address or key; read as the customer got it."""

    ordering = ("-id",)
    list_display = ("sent", "to", "subject", "its_order", "attached")
    list_display_links = ("sent", "subject")
    list_filter = ("sent_at",)
    search_fields = ("about__in", "to__exact", "key__startswith")
    search_help_text = "An order's number, a whole address, or the beginning of a job's key."
    fields = ("sent", "to", "subject", "its_order", "key", "attached", "shown", "words")
    readonly_fields: ClassVar = (*fields, "words_without_link")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the mails themselves."""
        return super().get_queryset(request).defer("html")

    def get_fields(self, request: HttpRequest, obj: SentMail | None = None) -> tuple[str, ...]:
        """The customer's links open the order to anybody: for who decides about orders."""
        return self.fields if may_decide(request) else (*self.fields[:-1], "words_without_link")

    def get_urls(self) -> list[URLPattern]:
        """With the address of the mail's own page."""
        view = self.admin_site.admin_view(self.html)
        here = path("<int:mail_id>/html/", view, name="notifications_sentmail_html")
        return [here, *super().get_urls()]

    @method_decorator([never_cache, xframe_options_sameorigin, csp(LOCKED)])
    def html(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        """The mail's HTML, locked up."""
        mail = get_object_or_404(SentMail, pk=mail_id)
        if not self.has_view_permission(request, mail):
            raise PermissionDenied
        hidden = without_consent if may_decide(request) else without_token
        return HttpResponse(hidden(mail.html), headers={"Referrer-Policy": "no-referrer"})

    @admin.display(ordering="sent_at")
    def sent(self, mail: SentMail) -> str:
        """When the server had taken it."""
        return formatting.clock(mail.sent_at)

    @admin.display(description="about")
    def its_order(self, mail: SentMail) -> str:
        """Everything done about the same subject."""
        return formatting.jobs_about(mail.about)

    @admin.display
    def attached(self, mail: SentMail) -> str:
        """Names and sizes."""
        return formatting.as_list(
            f"{one['filename']} ({filesizeformat(one['size'])})" for one in mail.attachments
        )

    @admin.display(description="text")
    def words(self, mail: SentMail) -> str:
        """As it was sent, but for what is the mailbox owner's alone."""
        return without_consent(mail.text)

    @admin.display(description="text")
    def words_without_link(self, mail: SentMail) -> str:
        """The same, and no link opens anything."""
        return without_token(mail.text)

    @admin.display(description="as it looks")
    def shown(self, mail: SentMail) -> str:
        """In a frame that can do nothing."""
        address = reverse("admin:notifications_sentmail_html", args=[mail.pk])
        frame = '<iframe class="mail" sandbox title="The mail" src="{}"></iframe>'
        return format_html(frame, address)
