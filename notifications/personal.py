"""What this app keeps of a person: mails and SMS as they were sent, and their word about the
newsletter.

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
from contact.forgetting import messages_of
from deferral.external.http import tell as tell_service
from deferral.models import Job
from notifications.gateway import CRM
from notifications.models import (
    Campaign,
    Recipient,
    SentMail,
    SentSms,
    Subscription,
    Suppression,
    same,
)
from orders.personal import orders_of
from orders.unfinished import LIVE

BATCH = 200


def mails_of(person: Person) -> QuerySet[SentMail]:
    """Sent there, or about an order or a message of theirs: staff may have corrected its address,
    and were mailed their words.
    """
    return SentMail.objects.filter(_to(person) | Q(about__in=subjects_of(person)))


def mails_to(person: Person) -> QuerySet[SentMail]:
    """Sent there: what staff were mailed about an order is the staff's to read."""
    return SentMail.objects.filter(_to(person))


def _to(person: Person) -> Q:
    written = orders_of(person).values_list("email", flat=True)
    return Q(to__in=[person.address, *written])


def sms_of(person: Person) -> QuerySet[SentSms]:
    """About one of their orders, to whatever number."""
    return SentSms.objects.filter(about__in=subjects_of(person))


def subjects_of(person: Person) -> list[str]:
    """What the ledger calls their orders and messages."""
    orders = [f"order:{one}" for one in orders_of(person).values_list("number", flat=True)]
    written = messages_of(person.address).filter(received_at__lte=person.until)
    return orders + [f"message:{one}" for one in written.values_list("tag", flat=True)]


def recipients_of(person: Person) -> QuerySet[Recipient]:
    """In every mailing."""
    return Recipient.objects.alias(small=Lower("address")).filter(small=person.address)


def waits_for(person: Person) -> str:
    """A mailing that is being written down, or what is sent to them at this moment."""
    told = Q(queue="mail") | Q(task="notifications.send_shipment_sms")
    about = Job.objects.filter(told, subject__in=subjects_of(person), state__in=LIVE)
    if about.exists():
        return "A mail about your order or your message has yet to be sent."
    freezes = Campaign.objects.filter(state=Campaign.State.FREEZING).exists()
    if freezes or recipients_of(person).filter(state=Recipient.State.SENDING).exists():
        return "Our newsletter is being sent at this moment."
    return ""


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    said = ("address", "name", "state", "asked_at", "confirmed_at", "ended_at")
    mailings = recipients_of(person).values("campaign__title", "state", "done_at")
    return {
        "mails": mails_to(person).values("to", "subject", "text", "sent_at"),
        "sms": sms_of(person).values("number", "text", "sent_at"),
        "newsletter": Subscription.objects.filter(same(person.address)).values(*said),
        "not-mailed": Suppression.objects.filter(same(person.address)).values("because", "at"),
        "mailings": mailings,
    }


@transaction.atomic
def erase(person: Person) -> int:
    """Mails some at a time: there may be thousands."""
    some = list(mails_of(person).values_list("pk", flat=True)[:BATCH])
    count, _ = SentMail.objects.filter(pk__in=some).delete()
    count += sms_of(person).delete()[0]
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
        "notifications.SentSms.number": Fate.DELETED,
        "notifications.SentSms.text": Fate.DELETED,
        "notifications.SentSms.name": Fate.DELETED,
        "notifications.Subscription.address": Fate.DELETED,
        "notifications.Subscription.name": Fate.DELETED,
        "notifications.Suppression.address": Fate.DELETED,
        "notifications.Suppression.because": Fate.DELETED,
        "notifications.Recipient.address": Fate.REPLACED,
        "notifications.Recipient.name": Fate.DELETED,
        "notifications.Recipient.because": Fate.KEPT,
    },
)
