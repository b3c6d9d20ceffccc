"""Mails that come back: whose, and whether for good. flufl.bounce knows the dialects. And mails by
which a reader's program ends a subscription.

Whom a bounce is about is never believed of its text: anybody could have somebody left out.
The address that it came back to names the mail, and is signed (`return_path`).
"""

from email import message_from_bytes
from email.policy import compat32

from django.db import transaction
from django.db.models.functions import Now
from flufl.bounce import all_failures

from notifications.campaigns.return_path import recipient_of, who_leaves_by
from notifications.models import Recipient
from notifications.newsletter.consent import suppress, unsubscribe

# Where mail servers write to whom it came, each its own way.
CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
LARGEST = 10 * 1024 * 1024
FOR_GOOD = "It came back: this mailbox cannot be mailed."


def read_bounce(raw: bytes, *, to: str = "") -> str:
    """Suppress the address whose mail came back for good, or end the subscription of who asks for
    that; return what was found, in a sentence.

    Safe to repeat. `to`: where it came back to, as the mail server has it, else the headers say.
    """
    try:
        mail = message_from_bytes(raw[:LARGEST], policy=compat32)
    except RecursionError:
        return "nobody's: it is nested too deeply to be a bounce"
    places = [to, *(str(mail.get(name, "")) for name in CAME_TO)]
    if leaves := next((one for place in places if (one := who_leaves_by(place))), None):
        unsubscribe(address=leaves.address, recipient_id=leaves.pk)
        return f"{leaves.key}: unsubscribed"
    found = next((one for place in places if (one := recipient_of(place))), None)
    if found is None:
        return "nobody's: it did not come back to an address of ours"
    try:
        for_now, for_good = all_failures(mail)
    except Exception as error:  # noqa: BLE001 - its detectors stumble over mails they do not expect
        return f"{found.key}: cannot be read ({type(error).__name__}), nothing changed"
    if not for_good:
        return f"{found.key}: {'not for good' if for_now else 'no bounce'}, nothing changed"
    bounced(found)
    return f"{found.key}: suppressed"


@transaction.atomic
def bounced(recipient: Recipient) -> None:
    """It is known not to have arrived, and the address is never mailed again. Safe to repeat."""
    rows = Recipient.objects.filter(pk=recipient.pk).exclude(state=Recipient.State.BOUNCED)
    rows.update(state=Recipient.State.BOUNCED, because=FOR_GOOD, done_at=Now())
    suppress(recipient.address, because=f"{FOR_GOOD} ({recipient.key})")
