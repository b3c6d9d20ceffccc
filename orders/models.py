"""Orders, their lines, and each attempt to be paid. Money is integer cents, tax included."""

import secrets
import uuid
from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.mailboxes import as_written
from deferral.errors import NotAllowed
from deferral.names import LENGTH, new_tag


def new_link_token() -> str:
    """192 random bits: the guest's way back to the order."""
    return secrets.token_urlsafe(24)


class Order(models.Model):
    """A snapshot of what was bought: titles, prices and taxes as they were at that moment."""

    class State(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", "awaiting payment"
        PAYMENT_UNKNOWN = "payment_unknown", "payment unknown"
        PAYMENT_FAILED = "payment_failed", "payment failed"
        PAID = "paid", "paid"
        CANCELLED = "cancelled", "cancelled"
        REFUNDED = "refunded", "refunded"

    # From each state, where it may go. Nothing leaves a state that is not named.
    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        State.AWAITING_PAYMENT: frozenset(
            {State.PAID, State.PAYMENT_FAILED, State.PAYMENT_UNKNOWN}
        ),
        State.PAYMENT_UNKNOWN: frozenset(
            {State.PAID, State.PAYMENT_FAILED, State.AWAITING_PAYMENT}
        ),
        # While its stock is kept: `can_pay_again`.
        State.PAYMENT_FAILED: frozenset({State.AWAITING_PAYMENT, State.PAID}),
        State.PAID: frozenset({State.CANCELLED, State.REFUNDED}),
        State.CANCELLED: frozenset({State.REFUNDED}),
    }

    number = models.CharField(max_length=20, unique=True, editable=False)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.AWAITING_PAYMENT)
    checkout_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    link_token = models.CharField(max_length=40, default=new_link_token, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    address = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="eur")
    subtotal_cents = models.PositiveIntegerField()
    shipping_cents = models.PositiveIntegerField(default=0)
    tax_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True, blank=True)
    # Of one whose payment failed while nobody watched: its stock, for whoever pays it once more.
    kept_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Not before the provider has done it: after a cancellation, days later than `closed_at`.
    refunded_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=254, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)
    # What the ledger did for it, kept when the ledger's own rows leave. See orders.summaries.
    steps = models.JSONField(default=list, encoder=DjangoJSONEncoder, editable=False)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                name="order_unsettled",
                condition=Q(state__in=["awaiting_payment", "payment_unknown"]),
            ),
            models.Index(
                fields=["kept_until"], name="order_kept", condition=Q(kept_until__isnull=False)
            ),
            models.Index(fields=["email"], name="order_email"),
            # Rows stand in the order of their creation: a day's are found at hardly any cost.
            BrinIndex(fields=["created_at"], name="order_created", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """`H-10482-7kq2m9xv`: what everybody outside calls it. The number alone is for people.

        Numbers come again after a restore, and beside a second database; a reference never does.
        """
        return f"{self.number}-{self.tag}"

    @property
    def mailbox(self) -> str:
        """Its e-mail address as the customer would write it."""
        return as_written(self.email)

    @property
    def subject(self) -> str:
        """What the ledger calls this order."""
        return f"order:{self.number}"

    @property
    def is_free(self) -> bool:
        """Nothing had to be paid for it, so no money of it can go back."""
        return not self.total_cents

    @property
    def refunded_cents(self) -> int:
        """What went back of its money. Its payments are best fetched before."""
        return sum(payment.refunded_cents for payment in self.payments.all())

    @property
    def is_closing(self) -> bool:
        """Whether it was decided to cancel it or to give all its money back, and by whom."""
        return bool(self.closed_by)

    @property
    def can_pay_again(self) -> bool:
        """Whether its payment failed and its stock is still kept for another attempt."""
        is_kept = self.kept_until is not None and datetime.now(UTC) < self.kept_until
        return self.state == self.State.PAYMENT_FAILED and is_kept

    def moment_of(self, state: str) -> datetime | None:
        """When it became paid, cancelled or refunded; None when it never did.

        Refunds from before `refunded_at` was written have the moment of their decision.
        """
        return {
            self.State.PAID: self.paid_at,
            self.State.CANCELLED: self.closed_at,
            self.State.REFUNDED: self.refunded_at or self.closed_at,
        }[self.State(state)]

    def move_to(self, state: str) -> None:
        """Take a transition of the table above, in memory. NotAllowed otherwise."""
        self.check_move(state)
        self.state = state

    def was_not_refunded(self) -> None:
        """Put right, in memory, that it was refunded: its bank sent the money back to us.

        No transition that anybody may decide. What the order was for was given up with the refund,
        so that it is cancelled now, and its money has yet to go back.
        """
        self.state, self.refunded_at = self.State.CANCELLED, None

    def check_move(self, state: str) -> None:
        """NotAllowed unless the table above has this transition."""
        if state not in self.TRANSITIONS.get(self.state, frozenset()):
            msg = f"An order that is {self.get_state_display()} cannot become {state}."
            raise NotAllowed(msg)


class OrderLine(models.Model):
    """One product of an order, as it was sold. Where it comes from is the shop's to know."""

    class Kind(models.TextChoices):
        PRINT = "print"
        HOME = "home"
        TICKET = "ticket"
        DOWNLOAD = "download"

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    sku = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    unit_cents = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    tax_basis_points = models.PositiveIntegerField()
    tax_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def has_numbers(self) -> bool:
        """Whether each piece is one of its own: a seat. Else they are alike."""
        return self.kind == self.Kind.TICKET

    @property
    def numbers(self) -> range:
        """Of its pieces: they count from 1."""
        return range(1, self.quantity + 1)


class PaymentAttempt(models.Model):
    """One try to be paid, written before the provider is called and settled afterwards.

    `key` is the idempotency key of the charge; `provider_ref` the provider's own name for it. What
    is sent under the key, `method` and `return_url`, is stored before, so that whoever sends it
    again sends the same. A held one was not begun: the provider's breaker is open, and the stock is
    kept for a while. At the bank since `bank_since`: its customer was asked there (3-D Secure).
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        HELD = "held"
        CAPTURED = "captured"
        FAILED = "failed"
        UNKNOWN = "unknown"
        AT_BANK = "at_bank", "at the bank"
        REFUNDED = "refunded"

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    provider_ref = models.CharField(max_length=100, blank=True)
    method = models.CharField(max_length=100, blank=True)
    return_url = models.CharField(max_length=300, blank=True, db_default="", editable=False)
    bank_since = models.DateTimeField(null=True, blank=True)
    card = models.CharField(max_length=40, blank=True)
    amount_cents = models.PositiveIntegerField()
    refunded_cents = models.PositiveIntegerField(db_default=0)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(F("provider_ref"), name="payment_ref", condition=~Q(provider_ref="")),
            models.Index(
                F("created_at"), name="payment_open", condition=Q(state__in=["requested", "held"])
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("amount_cents")), name="payment_not_overdrawn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"


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
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_of_something")
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
            models.UniqueConstraint(fields=["refund", "line"], name="refund_names_a_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="refund_of_some"),
        ]

    def __str__(self) -> str:
        numbers = f" (ticket {', '.join(map(str, self.pieces))})" if self.pieces else ""
        return f"{self.quantity} x {self.line.title}{numbers}"


class Reconciliation(models.Model):
    """One day of our books beside the provider's, both ways. Sums are of captured cents."""

    day = models.DateField(unique=True)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    ran_at = models.DateTimeField(db_default=Now())
    ours = models.PositiveIntegerField()
    theirs = models.PositiveIntegerField()
    ours_cents = models.PositiveBigIntegerField()
    theirs_cents = models.PositiveBigIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
