"""`in 63 s`, and the page counts down: `shop.js` does, by the seconds that have passed since.

Without a script it stands as it was when the page was made.
"""

from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.wording import wait

RUNNING = '<span data-seconds="{}" data-due="{}">{}</span>'
# In a live region each change would be read out. Here it is read when it is time, and once.
IN_AN_ALERT = (
    '<span><span aria-hidden="true" data-seconds="{}">{}</span>'
    '<span class="unseen" data-spoken>{}</span></span>'
)


def counted(left: timedelta, *, due: datetime | None) -> SafeString:
    """How long it is until `due`, by which the page knows another wait from the same one."""
    moment = due.isoformat() if due else ""
    return format_html(RUNNING, f"{left.total_seconds():.1f}", moment, wait(left))


def counted_in_an_alert(left: timedelta) -> SafeString:
    """The same among words that are read out as soon as they are there."""
    return format_html(IN_AN_ALERT, f"{left.total_seconds():.1f}", wait(left), wait(left))
