"""What people write to the shop, and what the workers make of it, in short."""

import uuid
from typing import Any

from django.test import Client
from pytest_django.fixtures import Settings

from contact.models import Draft, Message
from contact.taking import Said, take_message
from deferral.models import Job
from deferral.names import new_tag
from deferral.relay.expansion import expand_events
from tests.deferral.bench import run

WORDS = "The mug came broken.\nWhat now? Yours, Ada"


def a_form(**changes: Any) -> dict[str, Any]:
    """As Ada fills it in, from a mailbox that nobody had before."""
    return {
        "form_key": str(uuid.uuid4()),
        "name": "Ada Lovelace",
        "email": f"{new_tag()}@contact.example.org",
        "topic": "order",
        "order_number": "",
        "words": WORDS,
        **changes,
    }


def sends(visitor: Client, **changes: Any) -> Any:
    """Press the button."""
    return visitor.post("/contact/", a_form(**changes))


def taken(**changes: Any) -> Message:
    """A message, without a form."""
    facts = a_form(**changes)
    key = uuid.UUID(facts.pop("form_key"))
    return take_message(form_key=key, said=Said(**facts), is_acknowledged=True)


def work_off(*tasks: str) -> list[Job]:
    """Expand what happened and run its jobs; those of these tasks alone, where any are named."""
    while expand_events():
        pass
    due = Job.objects.filter(state="pending").order_by("id")
    return [run(job) for job in (due.filter(task__in=tasks) if tasks else due)]


def names_the_ai(settings: Settings, **changes: Any) -> None:
    """The sandbox's."""
    facts = {"URL": f"{settings.SANDBOX}/ai", "KEY": "sandbox", "MODEL": "small-1", **changes}
    for name, value in facts.items():
        setattr(settings, f"AI_{name}", value)


def drafted(message: Message) -> Draft:
    """The draft, once its job has run once."""
    work_off("contact.make_draft")
    return message.drafts.get()
