"""The checkout that does everything before it answers: what the article began with.

`gunicorn tests.baselines.inline` is the shop, with one function in the place of
`shop.checkout.check_out`. It calls the services that the product's jobs call, one after the other,
under the same keys; nothing is announced, nothing is retried, and a customer who closes the window
half-way leaves half an order. How long each line took is in the answer's Server-Timing header.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any
from unittest import mock

from config.wsgi import application as shop
from notifications import services as notifications
from orders import paying
from orders import services as orders
from orders.drafts import Draft
from orders.models import Order
from orders.selectors import order_by_id
from reports import services as reports
from reports.document_keys import receipt_key, ticket_key, ticket_seats
from reports.events import AuditRecorded
from shop import checkout, suppliers
from shop.checkout import Checkout
from shop.views import checkout as views
from tests.baselines.plain_job import plain_job

_LINES: ContextVar[dict[str, float]] = ContextVar("lines")


@contextlib.contextmanager
def line(name: str) -> Iterator[None]:
    """One line of the sum."""
    began = time.perf_counter()
    yield
    lines = _LINES.get()
    lines[name] = lines.get(name, 0.0) + time.perf_counter() - began


def check_out(*, draft: Draft, method: str) -> Checkout:
    """Order, charge, and do all the rest before anybody hears of it."""
    with line("payment"):
        order, attempt, is_new = checkout.place(draft)
        if not is_new:
            return Checkout(order=order, outcome="repeated")
        settlement = paying.pay(attempt_id=attempt.pk, method=method)
        checkout.record_outcome(attempt_id=attempt.pk, settlement=settlement)
    if settlement.outcome == "captured":
        do_the_rest(order_by_id(order.pk))
    return Checkout(order=order, outcome=settlement.outcome, reason=settlement.reason)


def do_the_rest(order: Order) -> None:
    """What the product's handlers yield, in the article's order."""
    id_ = order.pk
    with line("pdf"):
        write_documents(order)
    with line("mail"), plain_job(f"order_confirmation:{id_}") as key:
        notifications.send_confirmation(order_id=id_, key=key)
    for supplier in suppliers.suppliers_of(id_):
        with line(supplier):
            suppliers.reserve(supplier=supplier, order_id=id_, key=f"reserve_{supplier}:{id_}")
    with line("partner"):
        key = f"partner:order.completed:{id_}"
        notifications.tell_partner(order_id=id_, what="order.completed", key=key)
    with line("analytics"):
        notifications.count_sale(order_id=id_, key=f"analytics:order_paid:{id_}")
    with line("audit"), plain_job(f"audit:order_paid:{id_}") as key:
        reports.record_audit(order_id=id_, action="order_paid", key=key)
    with line("crm"):
        notifications.tell_crm(order_id=id_, key=f"crm:{id_}")


def write_documents(order: Order) -> None:
    """The receipt and every ticket."""
    with plain_job(receipt_key(order.pk)) as key:
        reports.write_receipt(order_id=order.pk, key=key)
    for seat, position in ticket_seats(order):
        with plain_job(ticket_key(seat, position)) as key:
            reports.write_ticket(line_id=seat, position=position, key=key)


def announce(fact: object, *, subject: str) -> None:
    """In the place of `deferral.events.publish`: an entry in our log goes to the archive now."""
    if isinstance(fact, AuditRecorded):
        with plain_job(f"audit_filed:{fact.entry_id}") as key:
            reports.file_audit(entry_id=fact.entry_id, key=key)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The shop; each answer says what it consisted of."""
    lines: dict[str, float] = {}

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        said = ", ".join(f"{name};dur={1000 * seconds:.1f}" for name, seconds in lines.items())
        return start_response(status, [*headers, ("Server-Timing", said)], *rest)

    token = _LINES.set(lines)
    try:
        return shop(environ, begin)
    finally:
        _LINES.reset(token)


# For as long as the process lives.
for module, name, ours in (
    (views, "check_out", check_out),
    (orders, "publish", announce),
    (reports, "publish", announce),
):
    mock.patch.object(module, name, ours).start()
