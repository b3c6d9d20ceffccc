"""Giving money back, all of it or a part: what is asked, and what the order's page shows of it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict

from deferral.admin.kit.confirmations import Why
from orders.admin.choosing import Shelf
from orders.admin.money import money
from orders.admin.sections import Section, on_order_page
from orders.models import Order
from orders.pieces import used_pieces
from orders.selectors import captured_payment, refunds_of, spoken_for

# Late money of an order that had failed goes back by itself; a refused refund of it does not.
WITH_MONEY = {Order.State.PAID, Order.State.CANCELLED, Order.State.PAYMENT_FAILED}
NOTHING_SAID = "Choose what is given back, or give an amount."
NOT_SO_MUCH = "These lines cost {sum}, and {left} is left: say how much of it goes back."
ALL_OR_AMOUNT = "Either everything that is left, or an amount."


def may_refund(order: Order) -> bool:
    """While some of its money is here, and not on its way back."""
    return order.state in WITH_MONEY and bool(amounts_of(order)[0])


def amounts_of(order: Order) -> tuple[int, int]:
    """Cents that are left of an order's money, and cents that went back or are on their way."""
    payment = captured_payment(order.pk)
    if payment is None:
        return 0, 0
    gone = spoken_for(payment)
    return payment.amount_cents - gone, gone


class AlthoughUsed(Why):
    """Why; and where tickets were used, that it is decided all the same."""

    although_used = forms.BooleanField(required=False, label="Although they were used")

    def __init__(self, order: Order, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(order, data, **options)
        used = used_pieces(order.pk)
        if not used:
            del self.fields["although_used"]
            return
        which = " ".join(f"Ticket {piece} was used {when}." for (_, piece), when in used.items())
        self.fields["although_used"].help_text = f"{which} Tick this if that does not matter."

    def terms(self) -> dict[str, Any]:
        """With that."""
        return super().terms() | {"although_used": self.cleaned_data.get("although_used", False)}


class HowMuch(AlthoughUsed):
    """Why, what for, and how much: the sum of the lines that are chosen, unless somebody says less
    or more, an amount alone, or everything that is left.

    `seen` is what had gone back when the page was made: of two who decide at once, one is told.
    """

    everything = forms.BooleanField(required=False)
    to_stock = forms.BooleanField(
        required=False,
        label="Goods are sold again",
        help_text="They go back to stock, and their supplier is told, once the money is back.",
    )
    amount = forms.DecimalField(
        required=False, decimal_places=2, min_value=Decimal("0.01"), max_digits=10
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, order: Order, data: QueryDict | None = None) -> None:
        self.left, gone = amounts_of(order)
        self.currency, self.shelf = order.currency, Shelf(order)
        super().__init__(order, data, initial={"seen": gone})
        lines = dict(self.shelf.fields())
        self.fields.update(lines)
        if not (lines and self.shelf.ships):
            del self.fields["to_stock"]
        self.order_fields([*lines, "to_stock", "amount", "everything", "although_used", "reason"])
        self._describe(gone)

    def _describe(self, gone: int) -> None:
        left = money(self.left, self.currency)
        amount, everything = self.fields["amount"], self.fields["everything"]
        everything.label = f"Everything that is left: {left}"
        everything.help_text = "Then all of its tickets and downloads are void from now on."
        amount.label = f"Amount in {self.currency.upper()}"
        amount.help_text = f"Empty: the sum of what is chosen above. {left} can go back."
        if gone:
            amount.help_text += f" {money(gone, self.currency)} did, or are on their way."
        amount.widget.attrs["max"] = f"{self.left / 100:.2f}"
        too_much = f"At most {left} can go back."
        amount.validators.append(MaxValueValidator(Decimal(self.left) / 100, message=too_much))

    def clean(self) -> dict[str, Any]:
        """With the cents and the lines that are meant."""
        sent = super().clean() or {}
        sent["lines"] = self.shelf.chosen(sent, to_stock=bool(sent.get("to_stock")))
        if not self.errors:
            sent["cents"] = self._cents(sent)
        return sent

    def _cents(self, sent: dict[str, Any]) -> int:
        if sent["everything"] and sent["amount"]:
            raise forms.ValidationError(ALL_OR_AMOUNT)
        if sent["everything"]:
            return self.left
        if sent["amount"]:
            return int(sent["amount"] * 100)
        total = self.shelf.cents(sent["lines"])
        if not sent["lines"]:
            raise forms.ValidationError(NOTHING_SAID)
        if not 0 < total <= self.left:
            said = {"sum": money(total, self.currency), "left": money(self.left, self.currency)}
            raise forms.ValidationError(NOT_SO_MUCH.format(**said))
        return total

    def terms(self) -> dict[str, Any]:
        """With the amount in cents, and the lines."""
        names = ("cents", "seen", "lines")
        return super().terms() | {name: self.cleaned_data[name] for name in names}

    def told(self, verb: str) -> str:
        """With the amount and the lines."""
        what = self.shelf.in_words(self.cleaned_data["lines"])
        amount = money(self.cleaned_data["cents"], self.currency)
        return super().told(f"{verb} {amount}" + (f" for {what}" if what else ""))


@on_order_page("orders.view_refund")
def refunds(order: Order) -> Section | None:
    """Each decision to give money back, what for, and what the provider said."""
    found = refunds_of(order.pk).prefetch_related("lines__line")
    rows = [(one, money(one.amount_cents, order.currency)) for one in found]
    if not rows:
        return None
    template = "admin/orders/_refunds.html"
    return Section(title="Refunds", template=template, context={"rows": rows}, place=10)
