"""Goods that a customer sends back, and how many of each."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.errors import NotAllowed
from deferral.names import LENGTH, new_tag
from orders.models.lines import OrderLine
from orders.models.order import Order

# Letters of what its customer writes, and of what they are answered.
LONGEST_WORDS, LONGEST_ANSWER = 1_000, 500


class Return(models.Model):
    """Goods of one order that its customer sends back, from the question to the money.

    asked      waits for a decision            approved   may be sent: we wait for the parcel
    refused    we do not take it back          withdrawn  its customer keeps the goods
    arrived    it is here: money goes back     refunded   the money is back
    closed     all the money of the order went another way, or the order was called off

    Its refund is decided in the transaction that says that it has arrived. Where that refund comes
    to nothing it is `arrived` and somebody has to decide; so it is again when the bank sends the
    money back. What was withdrawn, or refused after it had been approved, may arrive all the same:
    the parcel was on its way by then. `asked_key` is of the form that asked: sent twice, it asks
    once. `answer` is read by the customer. `moves` counts the states that it came to.
    """

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"
        ARRIVED = "arrived", "arrived"
        REFUNDED = "refunded", "refunded"
        CLOSED = "closed", "closed"

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", "I changed my mind"
        DAMAGED = "damaged", "It is damaged or broken"
        NOT_AS_SHOWN = "not_as_shown", "It is not as it was shown"
        WRONG = "wrong", "It is not what I ordered"
        OTHER = "other", "Something else"

    # From each state, where it may go. Nothing leaves a state that is not named.
    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        State.ASKED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN, State.CLOSED}),
        State.APPROVED: frozenset({State.ARRIVED, State.REFUSED, State.WITHDRAWN, State.CLOSED}),
        State.ARRIVED: frozenset({State.REFUNDED, State.CLOSED}),
        State.REFUNDED: frozenset({State.ARRIVED}),
        State.WITHDRAWN: frozenset({State.ARRIVED}),
        State.REFUSED: frozenset({State.ARRIVED}),
    }
    # Something of it is still to come: goods, or their money.
    OPEN: ClassVar = (State.ASKED, State.APPROVED, State.ARRIVED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="returns")
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    asked_key = models.UUIDField(editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True, default="")
    moves = models.PositiveIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    # When nothing of it was to come any more.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "asked_key"], name="return_asked_once"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="return_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["arrived", "refunded"]) | Q(arrived_at__isnull=False),
                name="return_arrived_some_day",
            ),
        ]
        indexes: ClassVar = [
            # The first page of the admin.
            models.Index(
                F("state"),
                F("id"),
                condition=Q(state__in=["asked", "approved", "arrived"]),
                name="return_open",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """`R-10482-x2m9c0va`: what stands on the parcel. Its order should be at hand."""
        return f"R-{self.order.number.removeprefix('H-')}-{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls what it is about: its order."""
        return self.order.subject

    def may_become(self, state: str) -> bool:
        """By the table above. Of what was refused, only a parcel that had been approved arrives:
        that was two moves.
        """
        if self.state == self.State.REFUSED and self.moves < 2:
            return False
        return state in self.TRANSITIONS.get(self.state, frozenset())

    def check_move(self, state: str) -> None:
        """NotAllowed unless it may become so."""
        if not self.may_become(state):
            msg = f"A return that is {self.get_state_display()} cannot become {state}."
            raise NotAllowed(msg)


class ReturnLine(models.Model):
    """So many of one line. Of those that have `arrived` some may be fit to be `sold_again`."""

    returned = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="returns")
    quantity = models.PositiveIntegerField()
    arrived = models.PositiveIntegerField(default=0)
    sold_again = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["returned", "line"], name="return_names_a_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_of_some"),
            models.CheckConstraint(
                condition=Q(arrived__lte=F("quantity")), name="return_no_more_than_announced"
            ),
            models.CheckConstraint(
                condition=Q(sold_again__lte=F("arrived")), name="return_sold_again_of_arrived"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line.title}"
