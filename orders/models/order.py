"""One order: who bought, for how much, and the states it goes through."""

import secrets
import uuid
from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

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
    # As it stands on the parcel; below it what it is made of. Older orders have it whole only.
    address = models.TextField(blank=True)
    street = models.TextField(blank=True, db_default="", editable=False)
    postcode = models.CharField(max_length=20, blank=True, db_default="", editable=False)
    town = models.CharField(max_length=100, blank=True, db_default="", editable=False)
    region = models.CharField(max_length=100, blank=True, db_default="", editable=False)
    country = models.CharField(max_length=2, blank=True, db_default="", editable=False)
    # As it goes over the wire (E.164); empty of who gave none.
    phone = models.CharField(max_length=16, blank=True, default="", db_default="")
    currency = models.CharField(max_length=3, default="eur")
    subtotal_cents = models.PositiveIntegerField()
    shipping_cents = models.PositiveIntegerField(default=0)
    tax_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True, blank=True)
    # When the last of its parcels arrived, as far as suppliers or staff have said.
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            # Who ordered, in any spelling: without it an export of customers takes hours.
            models.Index(Lower("email"), name="order_mailbox"),
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
