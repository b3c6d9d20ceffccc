"""Money that goes back, and for what."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from orders.models.lines import OrderLine
from orders.models.payments import PaymentAttempt
from orders.models.returns import Return


class Refund(models.Model):
    """Money of one payment that goes back, all of it or a part: one row for each decision.

    requested  the provider has not answered yet     pending   it has taken it on: on its way
    done       it says that the money is back        refused   it never took it on; nothing moved
    failed     it took it on, and the money is here again: at once, or days after it was done
    canceled   the same, because somebody stopped it there
    given_up   staff discarded its dead letter; whether money moved is the provider's to say

    Refused, failed and canceled are final: who wants to try again decides again.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        PENDING = "pending", "on its way"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELED = "canceled"
        GIVEN_UP = "given_up", "given up"

    # From each state, where it may go. Nothing leaves a state that is not named.
    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        State.REQUESTED: frozenset(State) - {State.REQUESTED},
        State.PENDING: frozenset({State.DONE, State.FAILED, State.CANCELED}),
        State.DONE: frozenset({State.FAILED, State.CANCELED}),
    }
    # Money that went back, or may be about to.
    MOVING: ClassVar = (State.REQUESTED, State.PENDING, State.DONE)
    # The money stayed, or is here again.
    UNDONE: ClassVar = (State.REFUSED, State.FAILED, State.CANCELED)

    payment = models.ForeignKey(PaymentAttempt, models.PROTECT, related_name="refunds")
    of_return = models.ForeignKey(
        Return, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    amount_cents = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    by = models.CharField(max_length=254)
    reason = models.CharField(max_length=500)
    refusal = models.CharField(max_length=300, blank=True)
    # The provider's own name for it.
    provider_ref = models.CharField(max_length=100, blank=True, db_default="")
    requested_at = models.DateTimeField(db_default=Now())
    # When it was done, or it was clear that it never will be.
    settled_at = models.DateTimeField(null=True, blank=True)
    # When money that had gone back came back to us.
    came_back_at = models.DateTimeField(null=True, blank=True)
    # When the provider was asked last about one that is on its way.
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_of_something"),
            # Whoever decides twice, and whatever dies between: a return is paid once.
            models.UniqueConstraint(
                fields=["of_return"],
                condition=Q(state__in=["requested", "pending", "done"]),
                name="refund_of_a_return_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("id"), name="refund_open", condition=Q(state="requested")),
            models.Index(F("id"), name="refund_on_its_way", condition=Q(state="pending")),
            models.Index(F("provider_ref"), name="refund_ref", condition=~Q(provider_ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} cents: {self.state}"

    @property
    def key(self) -> str:
        """Of its job, and at the provider."""
        return f"refund:{self.name}"

    @property
    def name(self) -> str:
        """`H-10482-7kq2m9xv:x2m9c0va`: its order's reference, and its own tag."""
        return f"{self.payment.order.reference}:{self.tag}"

    def may_become(self, state: str) -> bool:
        """By the table above."""
        return state in self.TRANSITIONS.get(self.state, frozenset())


class RefundLine(models.Model):
    """For what a refund is: so much of one line. A refund of an amount alone has none.

    A line stands twice where a part of it is sold again, and a part is not.

    `pieces` are the numbers of those that are void from the decision on, where pieces have numbers.
    `to_stock`: they are sold again as soon as the money is back.
    """

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField()
    pieces = ArrayField(models.PositiveIntegerField(), default=list)
    to_stock = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["refund", "line", "to_stock"], name="refund_names_a_line_once_each_way"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="refund_of_some"),
        ]

    def __str__(self) -> str:
        numbers = f" (ticket {', '.join(map(str, self.pieces))})" if self.pieces else ""
        return f"{self.quantity} x {self.line.title}{numbers}"
