"""A scenario in which somebody writes to us, and a draft of an answer is made."""

import uuid

import requests

from contact.models import Call, Draft, Message
from deferral.models import Event, Job
from deferral.names import new_tag
from orders.models import Order
from tests.proofs.failures.sweep.browser import Browser
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("message_announced")
@passes_in_threads("draft_call_recorded", "draft_answered")
def written_to(shop: VisitedShop) -> Order:
    """One message and one draft, whoever died; each call stands in the books, the service has
    accepted one, and a mail says once that the message arrived.
    """
    address = f"{new_tag()}@sweep.example.org"
    shop.ready()
    presses(shop, Browser(shop.address), form_of(address))
    message = Message.objects.get(email=address)
    assert Event.objects.filter(subject=message.subject).count() == 1
    for key in (f"contact_draft:{message.tag}:1", f"contact_arrived:{message.tag}"):
        shop.until(Job.objects.filter(key=key, state="done").exists)
    draft = Draft.objects.get(message=message)
    assert draft.is_made
    calls = Call.objects.filter(draft=draft)
    assert calls.filter(is_known=True).count() == 1
    entries = shop.sandbox.get("/ledger.json")["ai"]
    assert [one["accepted"] for one in entries if message.tag in one["key"]] == [1]
    assert len(shop.sandbox.mails(address)) == 1
    return shop.whole(shop.order(), EFFECTS)


def form_of(address: str) -> dict[str, str]:
    """As somebody fills it in."""
    return {
        "form_key": str(uuid.uuid4()),
        "name": "Ada",
        "email": address,
        "topic": "other",
        "order_number": "",
        "words": "Hello?",
    }


def presses(shop: VisitedShop, visitor: Browser, form: dict[str, str]) -> None:
    """The button, again where the other side goes away."""
    try:
        answer = visitor.post("/contact/", form)
    except requests.ConnectionError:
        shop.ready()
        presses(shop, visitor, form)
    else:
        assert answer.headers["Location"].startswith("/contact/sent/")
