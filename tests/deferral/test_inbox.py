"""Signed notices from whoever sends them: here somebody who signs with a time and an HMAC."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from deferral.events import DomainEvent, event
from deferral.inbox.errors import NoticeForged, NoticeNotUnderstood, NoticeTooLarge
from deferral.inbox.receiving import forget, receive
from deferral.inbox.source import Notice, Source
from deferral.inbox.views import receiver
from deferral.models import Event, IncomingNotice

pytestmark = pytest.mark.django_db
KEY = b"a secret between the two"


@event("tests.heard_of")
class Noticed(DomainEvent):
    notice_id: int


def signature(body: bytes, at: int) -> str:
    return f"{at} {hmac.new(KEY, b'%d.%s' % (at, body), hashlib.sha256).hexdigest()}"


def signed_at(body: bytes, headers: Mapping[str, str]) -> int:
    at, _, _ = headers.get("X-Signature", "0").partition(" ")
    if not hmac.compare_digest(headers.get("X-Signature", ""), signature(body, int(at))):
        raise NoticeForged
    return int(at)


def read(body: bytes, _headers: Mapping[str, str]) -> Notice | None:
    said: Any = json.loads(body)
    if said["kind"] == "idle talk":
        return None
    return Notice(external_id=said["id"], kind=said["kind"], about=said["about"])


def follows(notice: IncomingNotice) -> tuple[Noticed, str]:
    return Noticed(notice_id=notice.pk), f"thing:{notice.about}"


CARRIER = Source(name="carrier", verify=signed_at, read=read, follows=follows)


def tell(source: Source = CARRIER, *, age: int = 0, **said: Any) -> bool:
    """Send what is well signed."""
    body = json.dumps({"id": "n-1", "kind": "arrived", "about": "parcel-7"} | said).encode()
    headers = {"X-Signature": signature(body, int(time.time()) - age)}
    return receive(source, body=body, headers=headers)


def stored() -> tuple[int, int]:
    return IncomingNotice.objects.count(), Event.objects.count()


def test_a_notice_is_stored_once_with_its_event_however_often_it_comes() -> None:
    assert [tell(), tell(), tell(kind="arrived again")] == [True, False, False]

    [notice], [fact] = IncomingNotice.objects.all(), Event.objects.all()
    assert (notice.source, notice.external_id, notice.kind) == ("carrier", "n-1", "arrived")
    assert (fact.subject, fact.payload) == ("thing:parcel-7", {"notice_id": notice.pk})


def test_two_senders_may_use_the_same_names() -> None:
    assert tell()
    assert tell(replace(CARRIER, name="another carrier"))
    assert stored() == (2, 2)


def test_what_its_event_cannot_be_published_for_is_not_stored_and_may_come_again() -> None:
    def fails(_: IncomingNotice) -> tuple[Noticed, str]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tell(replace(CARRIER, follows=fails))
    assert stored() == (0, 0)
    assert tell()


@pytest.mark.parametrize("age", [310, -310, 10**9, -(10**400)])
def test_what_is_signed_too_long_ago_or_ahead_is_refused(age: int) -> None:
    with pytest.raises(NoticeForged):
        tell(age=age)
    assert stored() == (0, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"id": ""},
        {"id": 7},
        {"id": "x" * 256},
        {"about": "a" * 91},
        {"kind": "k" * 101},
        {"kind": ["arrived"]},
        {"about": "\x00"},
        {"about": "naïve"},
    ],
)
def test_a_name_that_is_no_word_is_not_understood(said: dict[str, Any]) -> None:
    with pytest.raises(NoticeNotUnderstood):
        tell(**said)
    assert stored() == (0, 0)


def test_what_does_not_concern_us_is_no_news() -> None:
    assert not tell(kind="idle talk")
    assert stored() == (0, 0)


def test_more_than_the_bound_is_refused_before_it_is_checked() -> None:
    with pytest.raises(NoticeTooLarge):
        receive(CARRIER, body=b" " * (CARRIER.most + 1), headers={})


def post(source: Source, body: bytes, **more: Any) -> HttpResponse:
    headers = {"X-Signature": signature(body, int(time.time()))}
    asked = RequestFactory().post(
        "/", body, content_type="application/json", headers=headers, **more
    )
    return receiver(source)(asked)


@pytest.mark.parametrize(
    ("size", "most", "declared", "status"),
    [
        (90, 80, "90", 413),
        (3_000_000, 4_000_000, "3000000", 413),
        (90, 80, "nonsense", 400),
        (90, 80, "", 400),
        (90, 100, "90", 400),
    ],
)
def test_the_size_is_bound_whatever_the_request_says_of_it(
    size: int, most: int, declared: str, status: int
) -> None:
    answer = post(replace(CARRIER, most=most), b" " * size, CONTENT_LENGTH=declared)

    assert answer.status_code == status
    assert stored() == (0, 0)


def test_each_sender_has_its_own_time_of_forgetting() -> None:
    for source in (CARRIER, replace(CARRIER, name="another carrier")):
        tell(source)
        tell(source, id="n-2")
    IncomingNotice.objects.filter(external_id="n-1").update(
        received_at=timezone.now() - CARRIER.kept - timedelta(minutes=1)
    )

    assert forget(CARRIER) == 1
    assert IncomingNotice.objects.filter(received_at__lt=Now()).count() == 3
