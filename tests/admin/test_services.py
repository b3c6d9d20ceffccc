"""The admin's pages about services: what they say, and a person's word against a breaker."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from deferral.external.parking import ensure_breakers
from deferral.models import Breaker, Intervention
from tests.deferral.staff import sitting

pytestmark = pytest.mark.django_db
LIST = "/admin/deferral/breaker/"
PROVIDER = f"{LIST}payment provider/"


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    ensure_breakers()


def text(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_names_everybody() -> None:
    page = text(sitting("view_breaker"), LIST)

    for name in Breaker.objects.values_list("name", flat=True):
        assert f">{name}</a>" in page


def test_who_may_only_look_is_offered_nothing_and_refused() -> None:
    reader = sitting("view_breaker")

    assert "Hold open" not in text(reader, f"{PROVIDER}change/")
    for method in (reader.get, reader.post):
        assert method(f"{PROVIDER}hold/open/", {"reason": "no"}).status_code == 403


def test_one_is_held_open_with_a_reason_and_released_again() -> None:
    operator = sitting("view_breaker", "change_breaker")
    assert "no customer can pay" in text(operator, f"{PROVIDER}hold/open/")
    assert operator.post(f"{PROVIDER}hold/open/", {"reason": " "}).status_code == 200
    assert Breaker.objects.get(name="payment provider").override == ""

    shown = operator.post(f"{PROVIDER}hold/open/", {"reason": "they asked us to"}, follow=True)
    page = shown.content.decode()
    assert Breaker.objects.get(name="payment provider").override == "open"
    assert "held open" in page
    assert "they asked us to" in page
    assert "Leave to itself" in page
    assert "Hold open…" not in page
    assert "held open by staff" in text(operator, LIST)

    operator.post(f"{PROVIDER}hold/release/", {"reason": "all well"})
    assert Breaker.objects.get(name="payment provider").override == ""
    assert [one.action for one in Intervention.objects.order_by("id")] == ["open", "release"]


def test_one_that_is_held_open_is_not_held_open_again() -> None:
    operator = sitting("view_breaker", "change_breaker")
    for reason in ("they asked us to", "once more"):
        shown = operator.post(f"{PROVIDER}hold/open/", {"reason": reason})

    assert "This cannot be done with it any more." in shown.content.decode()
    assert Intervention.objects.count() == LogEntry.objects.count() == 1


@pytest.mark.parametrize("address", [f"{LIST}nobody/hold/open/", f"{PROVIDER}hold/destroy/"])
def test_what_is_not_there_is_not_found(address: str) -> None:
    operator = sitting("view_breaker", "change_breaker")

    assert operator.post(address, {"reason": "why"}).status_code == 404
