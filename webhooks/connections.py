"""How we connect to an address that somebody typed in: to a public one, and under a deadline.

A name is resolved once, what it resolves to is checked, and that very address is connected to
(requests-hardened): a name server that answers something else the second time is never asked. One
that does not answer is waited for five seconds.
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from requests import ConnectTimeout, Session
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress, filter_host
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from deferral.external.deadlines import Deadline, deadline
from deferral.external.sessions import Adapter
from webhooks.look_ups import within

# Seconds to connect, and to wait for each part of the answer. Connecting may cost one lost packet.
TIMEOUT = (3.05, 15.0)
LOOK_UP = 5.0
CONFIG = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=TIMEOUT,
)


class NameServerSilent(ConnectTimeout):
    """It did not say in time where a name leads."""


class _Public(IPFilterAdapter, Adapter):  # type: ignore[misc]  # it has no types
    """And beyond what the library refuses: what Python calls reserved, and old site-local ones.

    `::127.0.0.1` is the one, `fec0::1` the other.
    """

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        build = partial(super().build_connection_pool_key_attributes, *args, **kwargs)
        try:
            host, pool = within(LOOK_UP, build)
        except TimeoutError:
            raise NameServerSilent from None
        _insist_on_public(host["host"])
        return host, pool


@contextmanager
def session(*, private: bool, seconds: float) -> Iterator[tuple[Session, Deadline]]:
    """For one request; its connection is closed, and nothing of the environment counts.

    `private` for an address that the settings name, which is not filtered.
    """
    with deadline(seconds) as end, HTTPSession(CONFIG) as found:
        found.trust_env = False  # no proxy, no .netrc
        for scheme in ("http", "https"):
            found.mount(f"{scheme}://", _adapter(scheme, private=private))
        yield found, end


def is_literal(host: str) -> bool:
    """Whether it is an address in figures, in any spelling. Nobody is asked."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True


def is_ours(host: str) -> bool:
    """Whether it is of our own network as it is written. Other names may lead there as well."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        if is_literal(host):
            _insist_on_public(filter_host(host, 443, allow_loopback=False))
    except InvalidIPAddress:
        return True
    return False


def _insist_on_public(ip: str) -> None:
    found = ipaddress.ip_address(ip.strip("[]"))
    if found.is_reserved or (found.version == 6 and found.is_site_local):
        raise InvalidIPAddress(found)


def _adapter(scheme: str, *, private: bool) -> Adapter:
    if private:
        return Adapter()
    return _Public(is_https_proto=scheme == "https")  # type: ignore[call-arg]  # it has no types
