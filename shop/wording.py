"""Money, times and what happens to an order, as a customer reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from deferral.failure_kinds import Trouble


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a step says under its title. `who` was asked; `missing` is so when it is dead.

    `called_off` takes the place of `done`, and of what was made, when the order is cancelled or
    refunded. `button` leads to the document, where the step makes one. `{email}` is the customer's.
    """

    doing: str = "In progress."
    done: str = ""
    who: str = ""
    missing: str = ""
    called_off: str = ""
    button: str = ""


PLAIN = Words()
BEFORE = "Done before the order was called off."
# Sent before, or not at all: a confirmation does not follow a cancellation.
NO_MAIL = "Nothing is sent any more: the order was called off."
TOLD = Words(doing="Passing your order on.", done="Knows about your order.", who="Our partner")
# By task.
WORDS = {
    "reports.write_receipt": Words(
        doing="Writing your receipt.",
        missing="Your receipt is missing; once it is written, it follows by e-mail.",
        button="Receipt (PDF)",
    ),
    "reports.write_ticket": Words(
        doing="Writing your tickets, one for each seat.",
        done="One for each seat.",
        missing="Your seats are yours, but tickets are missing; they follow by e-mail.",
        called_off="No longer valid.",
        button="Download tickets",
    ),
    "reports.record_audit": Words(doing="Writing it down.", done="Written down."),
    "notifications.send_confirmation": Words(
        doing="Sending to {email}.",
        done="Sent to {email}.",
        who="The mail server",
        missing="Our e-mail to {email} could not be delivered. Your documents are here.",
        called_off=NO_MAIL,
    ),
    "notifications.send_late_document": Words(
        doing="Sending to {email}.",
        done="Sent to {email}.",
        who="The mail server",
        missing="Our e-mail to {email} could not be delivered.",
        called_off=NO_MAIL,
    ),
    "webhooks.deliver_webhook": TOLD,
    "webhooks.tell_partner": TOLD,
    "shop.reserve_print_room": Words(
        doing="Ordering your prints.",
        done="Your prints are being made.",
        who="The print room",
        missing="The print room has not accepted your prints.",
        called_off=BEFORE,
    ),
    "shop.reserve_warehouse": Words(
        doing="Having your goods set aside.",
        done="Your goods are set aside.",
        who="The warehouse",
        missing="The warehouse has not set your goods aside.",
        called_off=BEFORE,
    ),
    "shop.reserve_box_office": Words(
        doing="Having your seats entered.",
        done="Your seats are in the book.",
        who="The box office",
        missing="Your seats are yours, but the box office has not entered them.",
        called_off=BEFORE,
    ),
    "orders.refund_payment": Words(
        doing="Sending your money back.",
        done="On its way back to your card. Your bank may take some days.",
        who="The payment provider",
        missing="Your money has not gone back yet.",
    ),
}

# What came of asking somebody, and what is so of whoever is left alone for it.
ASKED: Mapping[str | None, str] = {
    Trouble.SILENT: "did not answer",
    Trouble.UNABLE: "could not take it",
    Trouble.BUSY: "asked us to slow down",
}
LEFT_ALONE: Mapping[str, str] = {
    Trouble.SILENT: "has not answered since {since}",
    Trouble.UNABLE: "has not been able to take anything since {since}",
    Trouble.BUSY: "asked us at {since} to slow down",
}


def euros(cents: int) -> str:
    """`€1,234.50` for 123450."""
    return f"€{cents // 100:,}.{cents % 100:02}"


def duration(length: timedelta) -> str:
    """How long something took: `0.4 s`, `12 s`, `3 min`, `2 h`."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    return rough(seconds)


def wait(length: timedelta) -> str:
    """How long until something happens: `now`, `in 4 s`, `in 3 min`."""
    seconds = length.total_seconds()
    return f"in {rough(seconds)}" if seconds >= 1 else "now"


def rough(seconds: float) -> str:
    """The largest unit that is not less than one, or two of a small one."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.0f} h"
