"""How we connect to an address that somebody typed in: to a public one, and under a deadline.

A name is resolved once, what it resolves to is checked, and that very address is connected to
(requests-hardened): a name server that answers something else the second time is never asked.
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from typing import Any

from requests import Session
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from notifications.deadlines import Deadline

# Seconds to connect, and to wait for each part of the answer. Connecting may cost one lost packet.
TIMEOUT = (3.05, 15.0)
CONFIG = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=TIMEOUT,
)
_DEADLINE: ContextVar[Deadline] = ContextVar("deadline")


class _Watched(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        _DEADLINE.get().watch(line)
        return line


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


class _Anywhere(HTTPAdapter):
    """For the few private addresses that the settings name."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}


class _Public(IPFilterAdapter, _Anywhere):  # type: ignore[misc]  # it has no types
    """And beyond what the library refuses: what Python calls reserved, and old site-local ones.

    `::127.0.0.1` is the one, `fec0::1` the other.
    """

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        host, pool = super().build_connection_pool_key_attributes(*args, **kwargs)
        ip = ipaddress.ip_address(host["host"].strip("[]"))
        if ip.is_reserved or (ip.version == 6 and ip.is_site_local):
            raise InvalidIPAddress(ip)
        return host, pool


@contextmanager
def session(*, private: bool, deadline: float) -> Iterator[tuple[Session, Deadline]]:
    """For one request; its connection is closed, and nothing of the environment counts.

    `private` for an address that the settings name, which is not filtered.
    """
    with closing(Deadline(deadline)) as end, HTTPSession(CONFIG) as found:
        found.trust_env = False  # no proxy, no .netrc
        for scheme in ("http", "https"):
            found.mount(f"{scheme}://", _adapter(scheme, private=private))
        token = _DEADLINE.set(end)
        try:
            yield found, end
        finally:
            _DEADLINE.reset(token)


def _adapter(scheme: str, *, private: bool) -> HTTPAdapter:
    if private:
        return _Anywhere()
    return _Public(is_https_proto=scheme == "https")  # type: ignore[call-arg]  # it has no types
