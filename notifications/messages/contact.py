"""What is mailed about a message: to staff, to whoever wrote it, and what they are answered."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from contact.models import Answer, Message
from contact.selectors import order_of
from notifications.gateway import Mail

# Of the writer's own words below an answer, in letters.
QUOTED = 1_000


def message_received(message: Message, *, key: str) -> Mail:
    """To staff. A reply goes to whoever wrote it: their address, and nothing else they typed, is a
    header of this mail.
    """
    page = reverse("admin:contact_message_change", args=[message.pk])
    context = {"order": order_of(message), "page": f"{settings.SITE_URL}{page}"}
    subject = f"Message: {message.get_topic_display()} ({message.tag})"
    return _mail(
        "message_received", message, context, key=key, to=settings.STAFF_EMAIL, subject=subject
    )


def message_arrived(message: Message, *, key: str) -> Mail:
    """To the address that was typed, which may be anybody's.

    Nothing in it was typed by whoever sent the message: nobody can have us mail their words to
    somebody else. `auto-replied`: no program answers it.
    """
    subject = f"Your message has arrived ({message.tag})"
    return _mail("message_arrived", message, {}, key=key, to=message.email, subject=subject)


def answer(written: Answer, *, key: str) -> Mail:
    """To whoever wrote, by a person. A reply to it goes to staff."""
    message = written.message
    words = message.words
    quoted = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
    context = {"answer": written, "quoted": quoted, "lines": quoted.split("\n")}
    subject = f"Your message to Halyard ({message.tag})"
    return _mail("message_answered", message, context, key=key, to=message.email, subject=subject)


# To whom a reply goes, and what the mail is called for programs that would answer it.
WAYS = {
    "message_received": ("writer", "auto-generated"),
    "message_arrived": ("staff", "auto-replied"),
    "message_answered": ("staff", ""),
}


def _mail(
    name: str, message: Message, context: dict[str, Any], *, key: str, to: str, subject: str
) -> Mail:
    whole = {"message": message, **context}
    reply_to, auto_submitted = WAYS[name]
    return Mail(
        key=key,
        to=to,
        subject=subject,
        text=render_to_string(f"notifications/{name}.txt", whole),
        html=render_to_string(f"notifications/{name}.html", whole),
        reply_to=message.email if reply_to == "writer" else settings.STAFF_EMAIL,
        auto_submitted=auto_submitted,
    )
