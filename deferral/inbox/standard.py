"""A sender that signs as the Standard Webhooks specification says: its `webhook-id` is the notice's
name, and each of its secrets is good while one is replaced.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deferral.events import DomainEvent
from deferral.inbox.errors import NoticeForged
from deferral.inbox.source import Notice, Source
from deferral.models import IncomingNotice
from deferral.signatures import signed_at


def signed_source(
    *,
    name: str,
    secrets: Callable[[], Sequence[str]],
    read: Callable[[str, bytes], Notice | None],
    follows: Callable[[IncomingNotice], tuple[DomainEvent, str]],
    **bounds: Any,
) -> Source:
    """`read` is given the notice's name and its bytes. Without any secret nobody is believed.

    A secret is one sender's alone: whoever shares it may speak for the other.
    """

    def verify(body: bytes, headers: Mapping[str, str]) -> int:
        moment = signed_at(secrets(), body=body, headers=headers)
        if moment is None:
            raise NoticeForged
        return moment

    def read_named(body: bytes, headers: Mapping[str, str]) -> Notice | None:
        return read(headers["webhook-id"], body)

    return Source(name=name, verify=verify, read=read_named, follows=follows, **bounds)
