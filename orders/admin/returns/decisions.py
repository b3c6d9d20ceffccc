"""What staff decide about a return: that it may come, that it may not, that it is here."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import Decision
from deferral.text.typed import Text
from orders.admin.refunding import amounts_of
from orders.admin.returns.arrival import Arrival
from orders.models import Return
from orders.models.returns import LONGEST_ANSWER
from orders.returns import arriving, deciding

State = Return.State


class Approving(Why):
    """Needs no reason. What is written goes to the customer."""

    reason = Text(
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        label="To the customer",
        help_text="Stands in the mail beside the address and the return's name. May be empty.",
    )

    def told(self, verb: str) -> str:
        """The decision in a line, for the record."""
        return super().told(verb) if self.cleaned_data["reason"] else verb


class Refusing(Why):
    """The reason is read by the customer."""

    reason = Text(
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="The customer reads this, on the order's page and in a mail.",
        error_messages={"required": "Say why. Nothing was done."},
    )


class Again(Why):
    """With what had gone back of the order when the page was made: of two ways one pays."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Return, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(row, data, initial={"seen": amounts_of(row.order)[1]}, **options)

    def terms(self) -> dict[str, Any]:
        """With that."""
        return super().terms() | {"seen": self.cleaned_data["seen"]}


def may_decide(request: HttpRequest) -> bool:
    """Nobody edits a return: the permission says this."""
    return request.user.has_perm("orders.change_return")


def _can(state: str) -> Any:
    return lambda found: found.may_become(state)


DECISIONS = {
    "approve": Decision(
        verb="Approve",
        consequence="The customer is told by mail to send it, where to, and which name to write on "
        "the parcel. No money goes back before it is here.",
        done="may be sent back.",
        service=deciding.approve_return,
        may=may_decide,
        allowed=_can(State.APPROVED),
        ask=Approving,
    ),
    "refuse": Decision(
        verb="Refuse",
        consequence="The customer is told by mail that we do not take it back, with the reason. It "
        "cannot be approved after that; the customer may ask again.",
        done="is refused.",
        service=deciding.refuse_return,
        may=may_decide,
        allowed=_can(State.REFUSED),
        ask=Refusing,
    ),
    "arrived": Decision(
        verb="Arrived",
        consequence="What was paid for what has arrived goes back at once, and the customer is "
        "told. It cannot be called back. What is sold again goes to stock, and its supplier is "
        "told, once the money is back.",
        done="is here, and its money goes back.",
        service=arriving.note_arrival,
        may=may_decide,
        allowed=_can(State.ARRIVED),
        ask=Arrival,
    ),
    "refund": Decision(
        verb="Refund again",
        consequence="Its refund came to nothing. The provider is asked once more for the money of "
        "what has arrived. If the last refund was given up, ask the provider first whether it "
        "went through.",
        done="will be refunded as soon as the provider has done it.",
        service=arriving.refund_again,
        may=may_decide,
        allowed=arriving.needs_refund,
        ask=Again,
    ),
    "settled": Decision(
        verb="Settled another way",
        consequence="The return is over, and nothing more goes back for it: its money went back by "
        "an amount on the order's page, or from account to account.",
        done="is settled.",
        service=arriving.settle_otherwise,
        may=may_decide,
        allowed=arriving.needs_refund,
    ),
}
