"""A customer of whom every app keeps something, and the job that deletes their account."""

import uuid
from datetime import date, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import AccountDeletion, LoginLink, User
from contact.models import Answer, Call, Draft, Message
from deferral.interventions import note
from deferral.models import Job
from deferral.relay.expansion import expand_events
from media.filing import file_away
from notifications.models import (
    Campaign,
    Recipient,
    SentMail,
    SentSms,
    Subscription,
    Suppression,
)
from orders.models import Order, PaymentAttempt, Return, Shipment, ShipmentNotice
from reports.models import Document, Statement, StatementRun, Ticket
from reviews.models import Review
from shop.models import OrderLink, Product
from tests.contact.writing import taken
from tests.deferral.bench import deliver
from tests.reviews.reviewing import line_of, paid_for, written

ADDRESS, NAME = "zoe.unmistakable@example.org", "Zoe Unmistakable"
NUMBER, ROAD, PARCEL = "+4915112398765", "7 Unmistakable Quay", "UNMISTAKABLE-TRACK"
LONG_AGO = timedelta(days=60)
DELETE = "accounts.delete_account"


def a_customer(stocked: dict[str, Product]) -> User:
    """Known by two orders, one as a guest in capitals, and by all that follows from them."""
    user = User.objects.create_user(ADDRESS, name=NAME)
    for written_as in (ADDRESS, ADDRESS.upper()):
        old(paid_for((stocked["slow-swell"], 1), (stocked["lantern-walk"], 1)), written_as)
    order = Order.objects.earliest("pk")
    review = written(order, name=NAME)
    Review.objects.filter(pk=review.pk).update(state=Review.State.SHOWN)
    papers(order)
    mails(order)
    wrote_to_us(order)
    parcels(order)
    LoginLink.objects.create(address=ADDRESS, browser="x")
    OrderLink.objects.create(address=ADDRESS, number=order.number)
    said = f"Address corrected from {ADDRESS} to another@example.org: they called"
    note(by="staff@example.org", told=said, about=order, subject=order.subject)
    kind = ContentType.objects.get_for_model(User)
    staff = User.objects.create_superuser("staff@example.org")
    facts = {"user": staff, "content_type": kind, "object_id": user.pk, "action_flag": CHANGE}
    LogEntry.objects.create(object_repr=ADDRESS, **facts)
    expand_events()
    Job.objects.filter(body__isnull=False).delete()  # all of it was done two months ago
    Job.objects.all().delete()
    return user


def old(order: Order, email: str) -> None:
    """Of two months ago."""
    facts = {"name": NAME, "email": email, "address": f"{NAME}\n{ROAD}"}
    facts |= {"phone": NUMBER, "street": ROAD, "postcode": "UN-1", "town": "Zoetown"}
    moved = {"created_at": F("created_at") - LONG_AGO, "paid_at": F("paid_at") - LONG_AGO}
    Order.objects.filter(pk=order.pk).update(**facts, **moved)
    PaymentAttempt.objects.filter(order=order).update(
        return_url=f"http://shop/?token={order.link_token}"
    )


def papers(order: Order) -> None:
    """A receipt, a ticket, and a month's statement."""
    for kind in ("receipt", "ticket"):
        key = f"{kind}:{order.reference}"
        filed = file_away(NAME.encode(), key=key, folder=Document.folder, suffix=".pdf")
        facts = {"file": filed.name, "sha256": filed.sha256, "size": filed.size}
        paper = Document.objects.create(
            order=order, key=key, kind=kind, title=kind, filename=f"{kind}.pdf", **facts
        )
    Ticket.objects.create(
        line=line_of(order), position=1, code="CODE-1", holder=NAME, document=paper
    )
    moment = timezone.now() - timedelta(days=30)
    run = StatementRun.objects.create(
        month=date(2026, 9, 1), since=moment, until=moment, asked_by="schedule", asked_at=moment
    )
    content = {"name": NAME, "entries": [], "more": 0, "sums": {}}
    Statement.objects.create(run=run, customer=ADDRESS, content=content)


def wrote_to_us(order: Order) -> None:
    """Answered, with a draft and its call; staff were mailed the words, and an SMS went out."""
    message = taken(email=ADDRESS.title(), name=NAME, words=f"Yours, {NAME}")
    Answer.objects.create(message=message, number=1, words=f"Dear {NAME}", by="staff@example.org")
    draft = Draft.objects.create(message=message, number=1, words=f"Dear {NAME}")
    Call.objects.create(draft=draft, model="m", tokens_in=1, tokens_out=1, cost=5)
    Message.objects.update(received_at=timezone.now() - LONG_AGO)
    facts = {"about": message.subject, "to": "staff@example.org", "subject": "Message"}
    SentMail.objects.create(key=f"contact_staff:{message.tag}", text=f"Yours, {NAME}", **facts)
    SentSms.objects.create(
        key="sms", about=order.subject, number=NUMBER, segments=1, text=f"Hi {NAME}: on its way"
    )


def parcels(order: Order) -> None:
    """One that has arrived, and one that was sent back and refused."""
    facts = {"order": order, "supplier": "warehouse", "state": "delivered"}
    led = {"tracking_number": PARCEL, "tracking_url": f"https://carrier.example/{PARCEL}"}
    Shipment.objects.create(name="P-1", since=timezone.now(), **facts, **led)
    ShipmentNotice.objects.create(
        name="n-1", shipment="P-1", order_ref="x", said_at=timezone.now(), **facts, **led
    )
    said = {"words": f"Yours, {NAME}", "answer": f"Dear {NAME}, no", "state": "refused"}
    Return.objects.create(order=order, asked_key=uuid.uuid4(), reason="other", **said)


def mails(order: Order) -> None:
    """What was sent, and what was said of the newsletter."""
    for to in (ADDRESS, "where-it-was-sent-before@example.org"):
        SentMail.objects.create(
            key=f"confirmation:{to}", about=order.subject, to=to, subject="Order", text=f"Hi {NAME}"
        )
    Subscription.objects.create(address=ADDRESS.title(), name=NAME, state="confirmed")
    Suppression.objects.create(address=ADDRESS, because="it bounced")
    for address, state in ((ADDRESS, "sent"), (ADDRESS.upper(), "todo")):
        campaign = Campaign.objects.create(title="Autumn", words="Hello", state="paused")
        facts = {"number": 1, "chunk": 0, "name": NAME, "state": state}
        Recipient.objects.create(campaign=campaign, address=address, **facts)


def asked(user: User) -> AccountDeletion:
    """By its owner, whose days are over."""
    from_now = AccountDeletion.objects.create(
        user=user, address=user.email, due_at=timezone.now() - timedelta(seconds=1)
    )
    Job.objects.create(
        key=from_now.key,
        subject=from_now.subject,
        task=DELETE,
        queue="bulk",
        kwargs={"deletion_id": from_now.pk},
    )
    return from_now


def carry_out() -> Job:
    """The job's next turn; the row, as it is afterwards."""
    expand_events()
    Job.objects.filter(task=DELETE, state="pending").update(next_at=Now())
    job = Job.objects.filter(task=DELETE).latest("pk")
    deliver(job)
    job.refresh_from_db()
    return job


def where_it_stands(words: str) -> list[str]:
    """The tables that have them anywhere, in whatever case."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our tables
            if words.lower() in "\n".join(row[0] for row in cursor.fetchall()).lower():
                found.append(table)
    return found
