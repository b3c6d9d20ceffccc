"""Messages: the list, and the page of one with its order, its draft and what was answered."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from contact.admin.decisions import DECISIONS
from contact.admin.drafts import of_message
from contact.models import Message
from contact.selectors import order_of
from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.searching import KINDS, Findable
from orders.admin.sections import decided_about

# Events and jobs about a message are found by its tag.
KINDS.add("message")
TONES = {
    Message.State.WAITING: "wait",
    Message.State.ANSWERED: "good",
    Message.State.CLOSED: "",
}
# Letters of the words in the list.
BEGINNING = 80


@admin.register(Message)
class MessageAdmin(Findable[Message]):
    """Read, and decided about."""

    change_form_template = "admin/contact/message.html"
    list_display = ("topic", "beginning", "mailbox", "status", "age")
    list_filter = ("state", "topic")
    search_fields = ("tag__in", "email__exact", "order_number__in")
    search_help_text = "A message's number, an e-mail address, or an order's number."
    fields = ("tag", "name", "mailbox", "topic", "order", "status", "received_at", "work")

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which something is decided."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:message_id>/decide/<slug:verb>/", view, name="contact_message_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, message_id: int, verb: str) -> HttpResponse:
        """Answer it, close it, or have a draft made."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, Message.objects.all(), message_id, DECISIONS[verb])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With its words, its drafts, what may be decided, and what was."""
        if message := kwargs.get("obj"):
            context["decisions"] = possible(request, message, DECISIONS)
            context["section"] = decided_about(message)
            context["answers"] = list(message.answers.all())
            context["drafts"] = of_message(message)
            context["has_drafts"] = bool(settings.AI_URL)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="words")
    def beginning(self, message: Message) -> str:
        """As much as a column takes."""
        words = " ".join(message.words.split())
        return words if len(words) <= BEGINNING else f"{words[:BEGINNING]}…"

    @admin.display(description="e-mail", ordering="email")
    def mailbox(self, message: Message) -> str:
        """As its writer would write it."""
        return message.mailbox

    @admin.display(description="state", ordering="state")
    def status(self, message: Message) -> str:
        """Whether somebody has to do something."""
        state = Message.State(message.state)
        return formatting.pill(state.label, TONES[state])

    @admin.display(description="received", ordering="received_at")
    def age(self, message: Message) -> str:
        """How long ago."""
        return formatting.ago(message.received_at)

    @admin.display
    def order(self, message: Message) -> str:
        """The one that it names, if its address is that of the order."""
        if found := order_of(message):
            return formatting.link_to(found)
        if not message.order_number:
            return formatting.NOTHING
        return f"{message.order_number}, which is no order of this address"

    @admin.display(description="jobs")
    def work(self, message: Message) -> str:
        """Mails, CRM, drafts."""
        return formatting.jobs_about(message.subject)
