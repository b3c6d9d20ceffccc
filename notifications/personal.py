"""What this app keeps of a person: mails as they were sent, and their word about the newsletter.

With the account its consent ends, and so does what was known of its mailbox. That a mailing went to
somebody stays counted.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Now

from accounts.personal_data import Fate, Person, PersonalData, Rows
from deferral.external.http import tell as tell_service
from notifications.gateway import CRM
from notifications.models import Campaign, Recipient, SentMail, Subscription, Suppression, same
from orders.personal import orders_of

BATCH = 200


def mails_of(person: Person) -> QuerySet[SentMail]:
    """Sent there, or about one of their orders: staff may have corrected its address."""
    subjects = [f"order:{one}" for one in orders_of(person).values_list("number", flat=True)]
    written = orders_of(person).values_list("email", flat=True)
    to = Q(to__in=[person.address, *written]) | Q(about__in=subjects)
    return SentMail.objects.filter(to)


def recipients_of(person: Person) -> QuerySet[Recipient]:
    """In every mailing."""
    return Recipient.objects.alias(small=Lower("address")).filter(small=person.address)


def waits_for(person: Person) -> str:
    """A mailing that is being written down, or sent to them at this moment."""
    freezes = Campaign.objects.filter(state=Campaign.State.FREEZING).exists()
    if freezes or recipients_of(person).filter(state=Recipient.State.SENDING).exists():
        return "Our newsletter is being sent at this moment."
    return ""


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    said = ("address", "name", "state", "asked_at", "confirmed_at", "ended_at")
    mailings = recipients_of(person).values("campaign__title", "state", "done_at")
    return {
        "mails": mails_of(person).values("to", "subject", "text", "sent_at"),
        "newsletter": Subscription.objects.filter(same(person.address)).values(*said),
        "not-mailed": Suppression.objects.filter(same(person.address)).values("because", "at"),
        "mailings": mailings,
    }


@transaction.atomic
def erase(person: Person) -> int:
    """Mails some at a time: there may be thousands."""
    some = list(mails_of(person).values_list("pk", flat=True)[:BATCH])
    count, _ = SentMail.objects.filter(pk__in=some).delete()
    count += Subscription.objects.filter(same(person.address)).delete()[0]
    count += Suppression.objects.filter(same(person.address)).delete()[0]
    mine = recipients_of(person)
    why: dict[str, Any] = {"state": Recipient.State.SKIPPED, "because": "the account was deleted"}
    why |= {"done_at": Now()}
    mine.filter(state=Recipient.State.TODO).update(**why)
    return count + mine.update(address=person.instead, name="")


def tell(person: Person, key: str) -> None:
    """The CRM knows them by their address. Analytics were told of nobody's."""
    content = {"email": person.address}
    tell_service(CRM, f"{settings.CRM_URL}/forgotten", key=f"{key}:crm", content=content)


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    waits_for=waits_for,
    tell=tell,
    fates={
        "notifications.SentMail.to": Fate.DELETED,
        "notifications.SentMail.subject": Fate.DELETED,
        "notifications.SentMail.text": Fate.DELETED,
        "notifications.SentMail.html": Fate.DELETED,
        "notifications.SentMail.attachments": Fate.DELETED,
        "notifications.Subscription.address": Fate.DELETED,
        "notifications.Subscription.name": Fate.DELETED,
        "notifications.Suppression.address": Fate.DELETED,
        "notifications.Suppression.because": Fate.DELETED,
        "notifications.Recipient.address": Fate.REPLACED,
        "notifications.Recipient.name": Fate.DELETED,
        "notifications.Recipient.because": Fate.KEPT,
    },
)
