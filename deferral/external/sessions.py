"""HTTP under a deadline: a pool of connections for all threads of a process.

A connection is watched by the deadline of whoever speaks over it, from the moment it is there or
taken from the pool, until before it goes back: another call may be on it at once.
"""

import socket
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from deferral.external.deadlines import watch

# More than a process has threads: what is kept of one host's connections, and not opened anew.
POOL = 128


class _Watched(HTTPConnection):
    leave: Callable[[], None] | None = None

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        self.leave = watch(line)
        return line


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched

    def _get_conn(self, timeout: float | None = None) -> Any:
        found: Any = super()._get_conn(timeout)
        if found.sock is not None:  # else it is watched as soon as it is connected
            found.leave = watch(found.sock)
        return found

    def _put_conn(self, conn: Any) -> None:
        if conn is not None and conn.leave is not None:
            conn.leave()
        super()._put_conn(conn)


class _PoolTLS(_Pool, HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


# By scheme, as urllib3 wants them: also for whoever brings a manager of its own.
POOLS = {"http": _Pool, "https": _PoolTLS}


class Adapter(HTTPAdapter):
    """Connections that are watched, those to a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As `requests` has it."""
        super().init_poolmanager(*args, **kwargs)
        _watch_all(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """As `requests` has it. What SOCKS does to connect is its library's, and not watched."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if isinstance(manager, ProxyManager):
            _watch_all(manager)
        return manager


class _AsAddressed(AuthBase):
    """The name and password of the address, if any: never those of a file in somebody's home."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        name, password = get_auth_from_url(request.url or "")
        return HTTPBasicAuth(name, password)(request) if name or password else request


class Session(requests.Session):
    """Every call is as if it were the first, and goes where it is addressed.

    No cookie is kept, and none of one thread is another's. No .netrc is read; a proxy of the
    environment is used. A redirect is an answer: whoever is sent elsewhere would take our key
    along.
    """

    def __init__(self) -> None:
        super().__init__()
        self.auth = _AsAddressed()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self.mount(scheme, Adapter(pool_maxsize=POOL))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere."""
        return None


def _watch_all(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = dict(POOLS)
