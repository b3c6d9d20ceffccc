"""Correcting an order's e-mail address: what is asked, and what is written down."""

from typing import Any

from django.db.models import Model
from django.http import QueryDict

from accounts.mailboxes import MailboxField, as_written
from deferral.admin.kit.confirmations import Why
from orders.models import Order


class NewAddress(Why):
    """The address, by the rule of the checkout, and why."""

    email = MailboxField(label="Right address")
    field_order = ("email", "reason")

    def __init__(self, row: Model, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(row, data, **options)
        assert isinstance(row, Order)  # noqa: S101 - decisions about orders are asked of orders
        self.before = row.mailbox

    def terms(self) -> dict[str, Any]:
        """And where to."""
        return {**super().terms(), "email": self.cleaned_data["email"]}

    def told(self, verb: str) -> str:
        """From where to where, and why."""
        after = as_written(self.cleaned_data["email"])
        return f"{verb} from {self.before} to {after}: {self.cleaned_data['reason']}"
