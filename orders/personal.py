"""What this app keeps of a person: their orders, payments, refunds and returns.

Their names, addresses, telephone numbers, cards and words go, and what leads to a parcel at its
carrier; order numbers, goods, sums, taxes and times stay. Whoever sells in
the one-stop shop of the EU's VAT keeps records of each supply for ten years from the end of its
year (Directive 2006/112/EC, Article 369k), and what a law demands need not be erased (GDPR, Article
17 (3) b). Other laws demand less, of other records: ten years are the longest.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.personal_data import Fate, Person, PersonalData, Rows
from deferral.models import Intervention
from orders.models import (
    Order,
    OrderLine,
    PaymentAttempt,
    Refund,
    Return,
    Shipment,
    ShipmentNotice,
)
from orders.models.order import new_link_token
from orders.unfinished import waits_for

BATCH = 100
NAMELESS = "Deleted account"
# In the place of a sentence that has to stand there.
LEFT_OUT = "Left out: the account was deleted."
PLACE = ("street", "postcode", "town", "region")


def orders_of(person: Person) -> QuerySet[Order]:
    """Every order of the mailbox, those without a name too, but for what came later."""
    found = Order.objects.alias(mailbox_in_small=Lower("email"))
    return found.filter(mailbox_in_small__in=person.addresses, created_at__lte=person.until)


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file. What belongs together has the same number of its order."""
    mine = orders_of(person)
    lines = OrderLine.objects.filter(order__in=mine)
    payments = PaymentAttempt.objects.filter(order__in=mine)
    refunds = Refund.objects.filter(payment__order__in=mine)
    returns = Return.objects.filter(order__in=mine)
    parcels = Shipment.objects.filter(order__in=mine)
    who = ("name", "email", "phone", "address", *PLACE, "country")
    money = ("currency", "subtotal_cents", "shipping_cents", "tax_cents", "total_cents")
    times = ("created_at", "paid_at", "closed_at", "refunded_at")
    goods = ("sku", "kind", "title", "detail", "unit_cents", "quantity", "tax_cents", "total_cents")
    paid = ("state", "card", "amount_cents", "refunded_cents", "created_at", "settled_at")
    back = ("state", "amount_cents", "reason", "requested_at", "settled_at")
    sent_back = ("state", "reason", "words", "answer", "asked_at", "settled_at")
    carried = ("state", "since", "carrier", "tracking_number")
    return {
        "orders": mine.values("number", "state", *who, *money, *times),
        "order-lines": lines.values("order__number", *goods),
        "payments": payments.values("order__number", *paid),
        "refunds": refunds.values("payment__order__number", *back),
        "returns": returns.values("order__number", *sent_back),
        "parcels": parcels.values("order__number", *carried),
    }


@transaction.atomic
def erase(person: Person) -> int:
    """Take the name off some orders, and off what staff noted when they corrected an address."""
    named = orders_of(person).exclude(email=person.instead).select_for_update()
    orders = list(named.order_by("pk")[:BATCH])
    for order in orders:
        _forget_address(order, person)
        order.name, order.email, order.link_token = NAMELESS, person.instead, new_link_token()
        emptied = ("address", *PLACE, "phone", "fingerprint")
        for name in emptied:
            setattr(order, name, "")
        order.save(update_fields=["name", "email", "link_token", *emptied])
    _forget_what_follows([order.pk for order in orders])
    return len(orders)


def _forget_what_follows(orders: list[int]) -> None:
    """Cards, what was written of returns, and what leads to a parcel at its carrier."""
    payments = PaymentAttempt.objects.filter(order__in=orders)
    payments.update(card="", return_url="", method="")
    returns = Return.objects.filter(order__in=orders)
    returns.update(words="")
    returns.exclude(answer="").update(answer=LEFT_OUT)
    for said in (Shipment.objects, ShipmentNotice.objects):
        said.filter(order__in=orders).update(tracking_number="", tracking_url="")


def _forget_address(order: Order, person: Person) -> None:
    """Whoever corrected the address of an order noted both in clear."""
    for note in Intervention.objects.filter(subject=order.subject, reason__icontains="@"):
        note.reason = note.reason.replace(order.mailbox, person.instead)
        note.reason = note.reason.replace(order.email, person.instead)
        note.save(update_fields=["reason"])


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    waits_for=waits_for,
    fates={
        "orders.Order.name": Fate.REPLACED,
        "orders.Order.email": Fate.REPLACED,
        "orders.Order.address": Fate.DELETED,
        "orders.Order.street": Fate.DELETED,
        "orders.Order.postcode": Fate.DELETED,
        "orders.Order.town": Fate.DELETED,
        "orders.Order.region": Fate.DELETED,
        # Whose tax it is.
        "orders.Order.country": Fate.KEPT,
        "orders.Order.phone": Fate.DELETED,
        "orders.Return.words": Fate.DELETED,
        "orders.Return.answer": Fate.REPLACED,
        "orders.Shipment.tracking_number": Fate.DELETED,
        "orders.Shipment.tracking_url": Fate.DELETED,
        "orders.ShipmentNotice.tracking_number": Fate.DELETED,
        "orders.ShipmentNotice.tracking_url": Fate.DELETED,
        "orders.ShipmentNotice.reason": Fate.KEPT,
        "deferral.IncomingNotice.content": Fate.EXPIRES,
        "orders.Order.fingerprint": Fate.DELETED,
        "orders.Order.link_token": Fate.REPLACED,
        "orders.Order.number": Fate.KEPT,
        "orders.Order.tag": Fate.KEPT,
        "orders.Order.steps": Fate.KEPT,
        "orders.Order.closed_reason": Fate.KEPT,
        "orders.PaymentAttempt.card": Fate.DELETED,
        "orders.PaymentAttempt.method": Fate.DELETED,
        "orders.PaymentAttempt.return_url": Fate.DELETED,
        "orders.PaymentAttempt.provider_ref": Fate.KEPT,
        "orders.PaymentAttempt.reason": Fate.KEPT,
        "orders.Refund.reason": Fate.KEPT,
        "orders.Refund.provider_ref": Fate.KEPT,
        "deferral.Intervention.reason": Fate.REPLACED,
    },
)
