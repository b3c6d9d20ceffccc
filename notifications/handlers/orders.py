"""Which people are told what, and when. The confirmation waits for all its documents: a join."""

from collections.abc import Iterator
from datetime import timedelta

from deferral.handlers import Join, Work, handles, job, join
from notifications.document_jobs import receipt, tickets
from notifications.events import (
    ConfirmationAskedAgain,
    ConfirmationIncomplete,
)
from notifications.tasks import mails as tasks
from orders.events import (
    BooksDiffer,
    OrderCancelled,
    OrderPaid,
    OrderRefunded,
    PartlyRefunded,
    PaymentFailed,
    PaymentTooLate,
    RefundCameBack,
    RefundRefused,
    once_more,
)
from orders.models import PaymentAttempt
from orders.selectors import order_by_id, reference_of, refund_name, report_name
from webhooks.endpoints import endpoint_by_id
from webhooks.events import EndpointDisabled, EndpointFailing

# Whoever is at the checkout reads of it there, and takes another card: a worker that heard of it
# first, from the provider or the bank, tells only those who have not begun anew by then.
MAY_BE_HERE = timedelta(minutes=1)
# Analytics counts what is fresh; a sale older than this is not worth a queue.
FRESH = timedelta(minutes=15)


@handles(OrderPaid)
def confirm(fact: OrderPaid) -> Iterator[Join]:
    """[receipt, ticket 1 … ticket n] -> one e-mail with all of them."""
    order = order_by_id(fact.order_id)
    key = f"order_confirmation:{order.reference}"
    body = job(tasks.send_confirmation, key=key, order_id=order.pk)
    yield join([receipt(order), *tickets(order)], body=body)


@handles(ConfirmationAskedAgain)
def confirm_again(fact: ConfirmationAskedAgain) -> Iterator[Work]:
    """The same mail under a key of its own: nobody's software may take it for the first one."""
    first = f"order_confirmation:{reference_of(fact.order_id)}"
    key = f"{first}:resend-{fact.number}-{fact.tag}"
    yield job(tasks.send_confirmation, key=key, order_id=fact.order_id)


@handles(OrderPaid)
def tell_crm_and_analytics(fact: OrderPaid) -> Iterator[Work]:
    """Neither waits for the other."""
    id_, order = fact.order_id, reference_of(fact.order_id)
    yield job(tasks.tell_crm, key=f"crm:{order}", order_id=id_)
    yield job(tasks.count_sale, key=f"analytics:order_paid:{order}", order_id=id_, lifetime=FRESH)


@handles(ConfirmationIncomplete)
def send_what_was_missing(fact: ConfirmationIncomplete) -> Iterator[Work]:
    """Each missing document in a mail of its own, when it is there."""
    for key in fact.missing:
        yield job(
            tasks.send_late_document,
            key=f"late_document:{key}",
            order_id=fact.order_id,
            document=key,
        )


@handles(OrderCancelled)
def tell_of_cancellation(fact: OrderCancelled) -> Iterator[Work]:
    """The customer, whoever of us called it off."""
    key = f"cancellation:{reference_of(fact.order_id)}"
    yield job(tasks.send_cancellation, key=key, order_id=fact.order_id)


@handles(OrderRefunded)
def tell_of_refund(fact: OrderRefunded) -> Iterator[Work]:
    """The customer, once more where all of it had gone back before."""
    key = once_more(f"refund_mail:{reference_of(fact.order_id)}", fact.again)
    yield job(tasks.send_refund, key=key, order_id=fact.order_id, refund_id=fact.refund_id)


@handles(RefundCameBack)
def tell_of_money_that_came_back(fact: RefundCameBack) -> Iterator[Work]:
    """Customer and staff, each in a mail of their own."""
    name = refund_name(fact.refund_id)
    for who, staff in (("customer", False), ("staff", True)):
        key = f"refund_came_back:{name}:{who}"
        yield job(tasks.tell_of_return, key=key, refund_id=fact.refund_id, staff=staff)


@handles(PartlyRefunded)
def tell_of_part(fact: PartlyRefunded) -> Iterator[Work]:
    """The customer: the rest of the order is as it was."""
    name = refund_name(fact.refund_id)
    key = f"refund_mail:{name}"
    yield job(tasks.send_refund, key=key, order_id=fact.order_id, refund_id=fact.refund_id)


@handles(RefundRefused)
def tell_of_refusal(fact: RefundRefused) -> Iterator[Work]:
    """Whoever looks after payments: somebody has to decide anew."""
    key = f"refund_refused:{refund_name(fact.refund_id)}"
    yield job(tasks.tell_of_refusal, key=key, refund_id=fact.refund_id)


@handles(PaymentFailed)
def tell_of_failed_payment(fact: PaymentFailed) -> Iterator[Work]:
    """The customer, unless they are there and pay again: once for each attempt."""
    attempt = PaymentAttempt.objects.select_related("order").get(pk=fact.attempt_id)
    key = f"payment_failed:{attempt.order.reference}:{attempt.key}"
    yield job(tasks.send_payment_failed, key=key, delay=MAY_BE_HERE, attempt_id=attempt.pk)


@handles(PaymentTooLate)
def tell_of_late_money(fact: PaymentTooLate) -> Iterator[Work]:
    """Customer and staff, each in a mail of their own."""
    order = reference_of(fact.order_id)
    for who, staff in (("customer", False), ("staff", True)):
        key = f"late_money:{order}:{who}"
        yield job(tasks.tell_of_late_money, key=key, order_id=fact.order_id, staff=staff)


@handles(BooksDiffer)
def tell_of_difference(fact: BooksDiffer) -> Iterator[Work]:
    """Whoever looks after payments, once for each day."""
    id_ = fact.reconciliation_id
    key = f"books_differ:{report_name(id_)}"
    yield job(tasks.tell_of_difference, key=key, reconciliation_id=id_)


@handles(EndpointFailing)
def tell_of_failing_endpoint(fact: EndpointFailing) -> Iterator[Work]:
    """Staff, once for each of these days of this trouble."""
    id_ = fact.endpoint_id
    key = f"endpoint_failing:{endpoint_by_id(id_).name}:{fact.since}:{fact.days}"
    yield job(tasks.tell_of_endpoint, key=key, endpoint_id=id_, days=fact.days)


@handles(EndpointDisabled)
def tell_of_disabled_endpoint(fact: EndpointDisabled) -> Iterator[Work]:
    """Staff, once."""
    id_ = fact.endpoint_id
    key = f"endpoint_disabled:{endpoint_by_id(id_).name}:{fact.at}"
    yield job(tasks.tell_of_endpoint, key=key, endpoint_id=id_, days=0)
