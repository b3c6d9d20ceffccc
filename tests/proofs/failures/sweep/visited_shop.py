"""The people who come by, and the provider: whoever is left in the lurch insists."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import stripe
from django.db.models import F

from orders.models import Order
from orders.payments import paying
from shop.checkout import place, record_outcome
from tests.proofs.failures.sweep.browser import Browser
from tests.proofs.failures.sweep.supervised_shop import SupervisedShop
from tests.rig.running_shop import draft
from tests.rig.surroundings import PAYMENT_SECRET
from tests.shop.buying import form_values


class VisitedShop(SupervisedShop):
    """What they do there, in the browser or as if they had."""

    def buy(self, **form: str) -> Order:
        """Buy the usual basket in the browser, and press the button until there is an answer."""
        self.ready()
        customer = Browser(self.address)
        for line in draft(tickets=2, email="").lines:
            customer.post("/cart/add/", {"sku": line.sku, "quantity": line.quantity})
        customer.press(form_values(customer, **form))
        return Order.objects.latest("pk")

    def opens(self, path: str) -> None:
        """Go to a page, and press F5 when the other side goes away."""
        try:
            requests.get(self.address + path, timeout=30).raise_for_status()
        except requests.ConnectionError:
            self.ready()
            self.opens(path)

    def pays_again(self, order: Order) -> None:
        """With a card that works, on the order's page; the button is pressed until it answers."""
        self.ready()
        customer = Browser(self.address)
        path = f"/orders/{order.number}/pay/?token={order.link_token}"
        try:
            customer.post(path, {"payment_method": "pm_card_visa"})
        except requests.ConnectionError:
            self.pays_again(order)

    @contextmanager
    def halted(self, name: str) -> Iterator[None]:
        """This process stands still meanwhile."""
        process = self.named(name)
        os.killpg(process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGCONT)

    def leave(self) -> Order:
        """Order, and never pay."""
        order, _, _ = place(draft(tickets=2, email="ada@example.org"))
        return order

    def order_with(self, *, tax_cents: int) -> Order:
        """A paid order whose receipt will not add up: its tax is wrong by so much."""
        order, attempt, _ = place(draft(tickets=2, email="ada@example.org"))
        Order.objects.filter(pk=order.pk).update(tax_cents=F("tax_cents") + tax_cents)
        settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
        record_outcome(attempt_id=attempt.pk, settlement=settlement)
        return order

    def charged(self) -> tuple[Order, str]:
        """An order whose card was charged, as if whoever did it had died before writing it down."""
        order, attempt, _ = place(draft(tickets=2, email="ada@example.org"))
        settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
        return order, settlement.ref

    def tell_of(self, ref: str) -> None:
        """As the provider does: the same event, signed anew, until it is thanked for it."""
        thing = {"id": ref, "object": "payment_intent"}
        event = {"id": f"evt_{ref}", "type": "payment_intent.succeeded", "data": {"object": thing}}
        body = json.dumps(event)
        self.until(lambda: self.thanked_for(body))

    def thanked_for(self, body: str) -> bool:
        """Whether the shop has taken it."""
        header = stripe.WebhookSignature.generate_signature_header(body, PAYMENT_SECRET)
        try:
            answer = requests.post(
                f"{self.address}/payments/webhook/",
                body,
                headers={"Stripe-Signature": header},
                timeout=10,
            )
        except requests.ConnectionError:
            return False
        return answer.ok
