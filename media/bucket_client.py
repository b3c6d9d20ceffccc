"""How boto3 is set up: made once for all threads of a process, and never waiting for ever."""

import os
import threading
from collections.abc import Callable
from typing import Any

from botocore.config import Config

from deferral.errors import Retry
from deferral.external.sessions import POOLS
from media.verbs import FILE_STORAGE

# Seconds to connect, and to wait for each part of an answer. A job of documents has thirty.
CONNECT, READ = 3, 15
CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=CONNECT,
    read_timeout=READ,
    # One more try, for a connection that was closed while nobody used it. The ledger has the rest.
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=32,
    # A checksum is said where we say it: others than Amazon refuse what came with boto3 1.36.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def config_for(endpoint: str | None, *, read: float = READ) -> Config:
    """`read` is how long it may say nothing, in seconds.

    At Amazon each bucket has a host of its own, in its region: unless that is said, boto3 signs
    for a host that sends browsers elsewhere. Others seldom have one.
    """
    return CONFIG.merge(
        Config(read_timeout=read, s3={"addressing_style": "auto" if endpoint else "virtual"})
    )


class Shared:
    """What boto3 makes of one session, once each. A child of a fork makes its own."""

    def __init__(self, new_session: Callable[[], Any]) -> None:
        self._new_session = new_session
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._made: dict[tuple[str, str, float], Any] = {}

    def made(self, kind: str, **where: Any) -> Any:
        """A `client` or a `resource` for S3 there. Making one is not for two threads at once.

        Retry where boto3 takes the address for none.
        """
        with self._lock:
            known = (kind, str(where["endpoint_url"]), where["config"].read_timeout)
            if known not in self._made:
                self._session = self._session or self._new_session()
                self._made[known] = self._make(kind, where)
            return self._made[known]

    def _make(self, kind: str, where: dict[str, Any]) -> Any:
        try:
            made = getattr(self._session, kind)("s3", **where)
        except ValueError as error:
            cause = f"{FILE_STORAGE}: BUCKET_URL, BUCKET_REGION or BUCKET_PUBLIC_URL is nonsense"
            msg = f"{cause}: {error}"
            raise Retry(msg, cause=cause) from error
        if kind == "resource":
            _watch(made.meta.client)
        return made


def _watch(client: Any) -> None:
    """By the deadline of whoever asks: a time-out is for each read, and a bucket may drip."""
    client._endpoint.http_session._pool_classes_by_scheme.update(POOLS)  # noqa: SLF001 - botocore offers no other place
