"""The part of the refund's form that asks for which lines the money goes back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from orders.admin.money import money
from orders.models import Order, OrderLine
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.sums import Returned, back_of
from orders.pieces import Piece, used_pieces


class Shelf:
    """An order's lines with what of them is still the customer's, as the form offers them."""

    def __init__(self, order: Order) -> None:
        is_open = order.state == Order.State.PAID
        self.lines = list(order.lines.all()) if is_open else []
        self.currency = order.currency
        self.used: Mapping[Piece, str] = used_pieces(order.pk)
        self._back = back_of(order.pk)

    @property
    def ships(self) -> bool:
        """Whether there is anything that could be sold again."""
        return any(line.is_shipped for line in self.lines)

    def fields(self) -> Iterator[tuple[str, forms.Field]]:
        """One for each line of which anything is left."""
        for line in self.lines:
            back = self._back.of(line)
            if back.quantity < line.quantity:
                yield name_of(line), self._field(line, back)

    def chosen(self, sent: Mapping[str, Any], *, to_stock: bool) -> list[Chosen]:
        """What was chosen of them. Goods are sold again when staff say so, seats always: unless one
        of them was used, for somebody sits there.
        """
        found = []
        for line in self.lines:
            said = sent.get(name_of(line))
            pieces = tuple(map(int, said)) if line.has_numbers and said else ()
            if quantity := len(pieces) or (0 if line.has_numbers else said or 0):
                is_taken = any((line.pk, piece) in self.used for piece in pieces)
                again = to_stock if line.is_shipped else line.has_numbers and not is_taken
                one = Chosen(line_id=line.pk, quantity=quantity, pieces=pieces, to_stock=again)
                found.append(one)
        return found

    def cents(self, chosen: list[Chosen]) -> int:
        """What was paid for them."""
        prices = {line.pk: line.unit_cents for line in self.lines}
        return sum(prices[one.line_id] * one.quantity for one in chosen)

    def in_words(self, chosen: list[Chosen]) -> str:
        """`2 x Lantern Walk (ticket 1, 3), 1 x Harbour mug`."""
        titles = {line.pk: line.title for line in self.lines}
        return ", ".join(
            f"{one.quantity} x {titles[one.line_id]}"
            + (f" (ticket {', '.join(map(str, one.pieces))})" if one.pieces else "")
            for one in chosen
        )

    def _field(self, line: OrderLine, back: Returned) -> forms.Field:
        each = money(line.unit_cents, self.currency)
        if line.has_numbers:
            left = [number for number in line.numbers if number not in back.pieces]
            return forms.MultipleChoiceField(
                label=line.title,
                required=False,
                choices=[(number, self._seat(line, number)) for number in left],
                widget=forms.CheckboxSelectMultiple,
                help_text=f"{each} each. A ticket is void from now on, and its seat sold again "
                "as soon as the money is back: not with a ticket that was used.",
            )
        most = line.quantity - back.quantity
        return forms.IntegerField(
            label=line.title,
            required=False,
            min_value=0,
            max_value=most,
            help_text=f"{each} each, up to {most}.",
        )

    def _seat(self, line: OrderLine, number: int) -> str:
        used = self.used.get((line.pk, number))
        return f"Ticket {number} of {line.quantity}" + (f", used {used}" if used else "")


def name_of(line: OrderLine) -> str:
    """Of its field."""
    return f"line_{line.pk}"
