"""Money, times and the names of strangers, as a customer reads them."""

from datetime import timedelta

# Who did not answer, by task.
STRANGERS = {
    "shop.reserve_print_room": "The print room",
    "shop.reserve_warehouse": "The warehouse",
    "shop.reserve_box_office": "The box office",
    "notifications.send_confirmation": "The mail server",
    "notifications.tell_partner": "Our partner",
    "orders.refund_payment": "The payment provider",
}
# What is true once it is done, by task.
SUCCESS = {
    "shop.reserve_print_room": "Your prints are being made.",
    "shop.reserve_warehouse": "Your goods are set aside.",
    "shop.reserve_box_office": "Your seats are in the book.",
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
