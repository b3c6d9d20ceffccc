"""What the workers do to tell people things."""

from notifications.tasks import (
    accounts,
    campaigns,
    contact,
    finding,
    mails,
    my_data,
    returns,
    reviews,
    shipments,
)

__all__ = [
    "accounts",
    "campaigns",
    "contact",
    "finding",
    "mails",
    "my_data",
    "returns",
    "reviews",
    "shipments",
]
