"""The checkout that does everything before it answers: what the article began with.

`gunicorn tests.baselines.inline` is the shop, with one function in the place of
`shop.checkout.check_out`. Nothing is announced, nothing is retried, and a customer who closes the
window half-way leaves half an order. How long each line took is in the Server-Timing header.
"""

from collections.abc import Callable, Iterable
from typing import Any
from unittest import mock

from audit import services as audit
from config.wsgi import application as shop
from orders.drafts import Draft
from orders.payments import paying
from orders.selectors import order_by_id
from orders.services import paid
from shop import checkout
from shop.checkout import Checkout
from shop.views import checkout as views
from tests.baselines.in_a_row import adding_up, announce, do_the_rest, line


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


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The shop; each answer says what it consisted of."""
    with adding_up() as lines:

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said = ", ".join(f"{name};dur={1000 * took:.1f}" for name, took in lines.items())
            return start_response(status, [*headers, ("Server-Timing", said)], *rest)

        return shop(environ, begin)


# For as long as the process lives.
for module, name, ours in (
    (views, "check_out", check_out),
    (paid, "publish", announce),
    (audit, "publish", announce),
):
    mock.patch.object(module, name, ours).start()
