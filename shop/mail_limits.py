"""How often a page that has a mail sent may be asked: whoever asks learns nothing of it."""

import hashlib

from django.conf import settings
from django.http import HttpRequest

from deferral.pressure.askers import counted_as
from deferral.pressure.rate_limits import spend

HOUR = 3600
# So many mails go to one address in an hour, and so many are asked for by one network address.
PER_ADDRESS, PER_ASKER = 5, 20


def too_often(request: HttpRequest, address: str, *, what: str) -> bool:
    """Whether nothing is to be mailed. Each page, `what`, counts for itself.

    Two are counted each time, so that the statements are the same. Who asks too much counts against
    nobody's mailbox: a few would keep everybody out.
    """
    asker = counted_as(request)
    is_over = spend(f"{what}:by:{asker}", most=PER_ASKER, per=HOUR) is not None
    mailbox = asker if is_over else hashlib.sha256(address.lower().encode()).hexdigest()
    is_full = spend(f"{what}:to:{mailbox}", most=PER_ADDRESS, per=HOUR) is not None
    return settings.RATE_LIMITS and (is_over or is_full)
