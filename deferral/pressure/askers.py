"""Who asks: the one place that decides it, for limits and for the log.

Nothing that a client writes decides it. A header is read only where BEHIND_PROXY says that our own
proxy has written its last part.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(request: HttpRequest) -> Address | None:
    """What our own proxy says of it, else whoever is at the other end. None for no address.

    An IPv4 address that came over an IPv6 socket (`::ffff:192.0.2.1`) is what it is.
    """
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    text = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def counted_as(request: HttpRequest) -> str:
    """By which name it is counted: an IPv6 address by its network, which one customer has."""
    found = address_of(request)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found or "unknown")
