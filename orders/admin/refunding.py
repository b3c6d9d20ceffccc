"""Giving money back, all of it or a part: what is asked, and what the order's page shows of it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict

from deferral.admin.confirmations import Why
from orders.admin.money import money
from orders.admin.sections import Section, on_order_page
from orders.models import Order
from orders.selectors import captured_payment, refunds_of, spoken_for

# Late money of an order that had failed goes back by itself; a refused refund of it does not.
WITH_MONEY = {Order.State.PAID, Order.State.CANCELLED, Order.State.PAYMENT_FAILED}


def may_refund(order: Order) -> bool:
    """While some of its money is here, and not on its way back."""
    return order.state in WITH_MONEY and bool(standing(order)[0])


def standing(order: Order) -> tuple[int, int]:
    """Cents that are left of an order's money, and cents that went back or are on their way."""
    payment = captured_payment(order.pk)
    if payment is None:
        return 0, 0
    gone = spoken_for(payment)
    return payment.amount_cents - gone, gone


class HowMuch(Why):
    """Why, and how much: everything that is left, unless somebody says less.

    `seen` is what had gone back when the page was made: of two who decide at once, one is told.
    """

    amount = forms.DecimalField(decimal_places=2, min_value=Decimal("0.01"), max_digits=10)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("amount", "reason")

    def __init__(self, order: Order, data: QueryDict | None = None) -> None:
        left, gone = standing(order)
        self.currency = order.currency
        most = Decimal(left) / 100
        super().__init__(order, data, initial={"amount": f"{most:.2f}", "seen": gone})
        amount = self.fields["amount"]
        amount.label = f"Amount in {order.currency.upper()}"
        amount.help_text = f"{money(left, order.currency)} can go back."
        if gone:
            amount.help_text += f" {money(gone, order.currency)} did, or are on their way."
        amount.widget.attrs["max"] = f"{most:.2f}"
        too_much = f"At most {money(left, order.currency)} can go back."
        amount.validators.append(MaxValueValidator(most, message=too_much))

    def terms(self) -> dict[str, Any]:
        """With the amount in cents."""
        cents = int(self.cleaned_data["amount"] * 100)
        return super().terms() | {"cents": cents, "seen": self.cleaned_data["seen"]}

    def told(self, verb: str) -> str:
        """With the amount."""
        return super().told(f"{verb} {money(self.terms()['cents'], self.currency)}")


@on_order_page("orders.view_refund")
def refunds(order: Order) -> Section | None:
    """Each decision to give money back, and what the provider said."""
    found = refunds_of(order.pk)
    rows = [(one, money(one.amount_cents, order.currency)) for one in found]
    if not rows:
        return None
    template = "admin/orders/_refunds.html"
    return Section(title="Refunds", template=template, context={"rows": rows}, place=10)
