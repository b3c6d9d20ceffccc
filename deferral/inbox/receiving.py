"""A notice is checked, read and stored, and forgotten when it is old."""

import time
from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.events import publish
from deferral.inbox.errors import NoticeForged, NoticeNotUnderstood, NoticeTooLarge
from deferral.inbox.source import Notice, Source
from deferral.models import IncomingNotice

# What a body that is no notice makes a reader trip over.
NO_NOTICE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def receive(source: Source, *, body: bytes, headers: Mapping[str, str]) -> bool:
    """Check a notice and write it down with its event, in one transaction. False: that is no news.

    NoticeTooLarge; NoticeForged when its sender has not signed exactly these bytes within the
    tolerance; NoticeNotUnderstood for what is signed and no notice. Nothing is stored then.
    """
    if len(body) > source.most:
        raise NoticeTooLarge
    if abs(int(time.time()) - source.verify(body, headers)) > source.tolerance:
        raise NoticeForged
    notice = _read(source, body, headers)
    return notice is not None and keep(source, notice)


def forget(source: Source) -> int:
    """Every night: what is older than it is to be kept. Returns how many. Safe to repeat."""
    old = IncomingNotice.objects.filter(source=source.name, received_at__lt=Now() - source.kept)
    return old.delete()[0]


def _read(source: Source, body: bytes, headers: Mapping[str, str]) -> Notice | None:
    try:
        return source.read(body, headers)
    except NO_NOTICE as error:
        raise NoticeNotUnderstood from error


@transaction.atomic
def keep(source: Source, notice: Notice) -> bool:
    """Write down what the sender said, with its event. False: it had said so before.

    Also for what it answered when it was asked: that goes the same way as what it tells by itself.
    """
    row, is_new = IncomingNotice.objects.get_or_create(
        source=source.name,
        external_id=notice.external_id,
        defaults={"kind": notice.kind, "about": notice.about, "content": notice.content},
    )
    if is_new:
        fact, subject = source.follows(row)
        publish(fact, subject=subject)
        crashpoint("notice_written")
    return is_new
