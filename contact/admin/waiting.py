"""Messages that nobody has answered, on the admin's first page."""

from collections.abc import Iterator

from django.urls import reverse

from contact.drafting.making import WAITS
from contact.models import Draft, Message
from deferral.first_page import Card, Panel, on_first_page

SHOWN = 5
# No more are counted.
MOST = 10_000


@on_first_page("contact.view_message")
def waiting() -> Iterator[Panel]:
    """Three queries, of what waits alone. Nothing while nothing does."""
    found = Message.objects.filter(state=Message.State.WAITING).order_by("id")
    if count := found[:MOST].count():
        address = f"{reverse('admin:contact_message_changelist')}?state__exact=waiting"
        yield Panel(
            title="Messages to answer",
            template="admin/contact/panels/waiting.html",
            context={"oldest": list(found[:SHOWN])},
            cards=(
                Card(
                    label="Messages to answer",
                    value=f"{count:,}",
                    note="the oldest first",
                    address=address,
                    tone="wait",
                ),
            ),
            warnings=_warnings(),
            place=45,
        )


def _warnings() -> tuple[str, ...]:
    """That no draft comes today."""
    asked = Draft.objects.filter(message__state=Message.State.WAITING, state=Draft.State.ASKED)
    count = asked.filter(problem=WAITS)[:MOST].count()
    if not count:
        return ()
    drafts = f"{count:,} drafts wait" if count > 1 else "One draft waits"
    return (f"{drafts} for tomorrow: today's budget of the AI service is used up.",)
