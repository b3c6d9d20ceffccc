"""Webhooks in the admin: endpoints made and seen to, deliveries read, sent again, recovered."""

import re
import shlex
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from standardwebhooks import Webhook

from deferral.models import Breaker, Event, Intervention, Job
from tests.deferral.staff import sitting
from tests.reports.paid_orders import a_line, saved
from tests.webhooks.receiving import EVENTS, SECRET, a_delivery_job, an_endpoint
from webhooks.models import Delivery, DeliveryAttempt, Endpoint

pytestmark = pytest.mark.django_db
NEW = {"slug": "acme", "url": "https://acme.example/hooks", "events": EVENTS, "at_once": 20}
ENDPOINTS, DELIVERIES = "/admin/webhooks/endpoint/", "/admin/webhooks/delivery/"


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


@pytest.fixture
def acme() -> Endpoint:
    """Somewhere."""
    return an_endpoint("acme")


def a_delivery(endpoint: Endpoint, number: int = 1, **columns: object) -> Delivery:
    """With two attempts: 503, and nobody."""
    facts: dict[str, object] = {
        "webhook_id": f"{endpoint.slug}:order.completed:{number}",
        "endpoint": endpoint,
        "type": EVENTS[0],
        "subject": f"order:H-{number}",
        "body": '{"type": "order.completed", "note": "it\'s here"}',
    }
    found: Delivery = Delivery.objects.create(**(facts | columns))
    for status, error in ((503, ""), (None, "did not answer: ConnectionError")):
        DeliveryAttempt.objects.create(
            delivery=found, status=status, milliseconds=12, response="<b>later</b>", error=error
        )
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()


def test_an_endpoint_is_made_with_a_secret_and_a_breaker_of_its_own(staff: Client) -> None:
    staff.post(f"{ENDPOINTS}add/", NEW | {"events": EVENTS[:2], "at_once": 4})

    made = Endpoint.objects.get(slug="acme")
    assert (made.events, made.at_once, made.disabled_at) == (EVENTS[:2], 4, None)
    [secret] = made.secrets
    Webhook(secret)
    assert Breaker.objects.filter(name="acme").exists()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"slug": "warehouse"}, "has this name already"),
        ({"slug": "partner"}, "already exists"),
        ({"slug": "Partner"}, "name already"),
        ({"slug": "Box_Office"}, "has this name already"),
        ({"slug": "mail-server"}, "has this name already"),
        ({"slug": "webhook"}, "has this name already"),
        ({"url": "https://ada:secret@acme.example/"}, "without name and password"),
        ({"url": "https://127.0.0.1/"}, "our own network"),
        ({"url": "https://0x7f000001/"}, "our own network"),
        ({"url": "https://[::1]/"}, "our own network"),
        ({"url": "https://240.0.0.1/"}, "our own network"),
        ({"url": "https://localhost/"}, "our own network"),
        ({"url": "https://acme.example:22/"}, "443 or 8443"),
        ({"url": "http://acme.example/hooks"}, "begins with https://"),
        ({"url": "nowhere"}, "begins with https://"),
        ({"events": []}, "required"),
        ({"events": ["order.eaten"]}, "Select a valid choice"),
        ({"at_once": 0}, "At least 1. One that is to be sent nothing is disabled instead."),
        ({"at_once": 101}, "At most 100."),
        ({"at_once": -1}, "At least 1."),
        ({"at_once": ""}, "required"),
        ({"at_once": "4.5"}, "whole number"),
    ],
)
def test_what_cannot_work_is_refused(
    staff: Client, changes: dict[str, object], complaint: str
) -> None:
    page = staff.post(f"{ENDPOINTS}add/", NEW | changes).content.decode()

    assert complaint in page
    assert not Endpoint.objects.exclude(slug="partner").exists()


def test_editing_writes_what_was_changed_and_nothing_else(staff: Client, acme: Endpoint) -> None:
    page = f"{ENDPOINTS}{acme.pk}/change/"
    said = {"slug": "mine", "url": "https://new.example/", "events": EVENTS[:1], "at_once": 20}
    staff.post(page, said)

    found = Endpoint.objects.get(pk=acme.pk)
    assert (found.slug, found.url) == ("acme", "https://new.example/")
    assert (found.events, found.secrets) == (EVENTS[:1], [SECRET])
    told = LogEntry.objects.values_list("change_message", flat=True)
    assert "Moved from https://acme.example to https://new.example." in told
    assert not any("at a time" in one for one in told)


def test_how_many_at_a_time_is_changed_and_it_is_written_down_from_what_to_what(
    staff: Client, acme: Endpoint
) -> None:
    page = f"{ENDPOINTS}{acme.pk}/change/"
    assert 'value="20"' in text(staff, page)
    said = NEW | {"url": acme.url, "at_once": 4}
    staff.post(page, said)
    staff.post(page, said)

    assert Endpoint.objects.get(pk=acme.pk).at_once == 4
    told = Intervention.objects.filter(subject="endpoint:acme").values_list("reason", flat=True)
    assert list(told) == ["From 20 to 4 deliveries at a time."]
    assert "From 20 to 4 deliveries at a time." in text(staff, page)
    assert '<td class="field-at_once">4</td>' in text(staff, ENDPOINTS)


def test_who_only_reads_sees_how_many_at_a_time_and_changes_nothing(acme: Endpoint) -> None:
    reader, page = sitting("view_endpoint"), f"{ENDPOINTS}{acme.pk}/change/"
    assert reader.post(page, NEW | {"at_once": 4}).status_code == 403

    assert Endpoint.objects.get(pk=acme.pk).at_once == 20
    assert "Deliveries at a time" in text(reader, page)


@pytest.mark.parametrize("many", [0, -1, 101])
def test_the_database_takes_no_other_number_at_a_time(acme: Endpoint, many: int) -> None:
    with pytest.raises(IntegrityError, match="endpoint_at_once"):
        Endpoint.objects.filter(pk=acme.pk).update(at_once=many)


def test_the_version_before_makes_an_endpoint_too_while_the_new_one_starts() -> None:
    """It does not name the column: its insert is taken, with the usual number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_endpoint (slug, tag, url, events, secret, previous_secret,"
            " disabled_because, failures, warned)"
            " VALUES ('acme', 'tag', 'https://acme.example', '{}', '', '', '', 0, 0)"
        )

    assert Endpoint.objects.get(slug="acme").at_once == 20


def test_the_list_says_how_each_is(
    staff: Client, acme: Endpoint, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        one = an_endpoint(f"other-{number}")
        a_delivery(one, delivered_at=timezone.now())
    Endpoint.objects.filter(pk=acme.pk).update(failing_since=timezone.now(), failures=3)
    a_delivery_job(acme, 1)
    with django_assert_max_num_queries(6):
        page = text(staff, ENDPOINTS)

    assert "failing, 3 times" in page
    assert '<td class="field-waiting">1</td>' in page


def test_a_list_of_deliveries_costs_the_same_however_long(
    staff: Client, acme: Endpoint, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        a_delivery(acme, number, delivered_at=timezone.now() if number % 2 else None)
    for query in ("", "?delivered=yes", "?delivered=no&type=order.completed", "?q=H-7"):
        with django_assert_max_num_queries(8):
            page = text(staff, f"{DELIVERIES}{query}")
        assert "order:H-" in page
    assert "H-17" not in text(staff, f"{DELIVERIES}?q=H-7")


def test_a_delivery_shows_every_attempt_and_a_command_that_is_valid_as_it_stands(
    staff: Client, acme: Endpoint
) -> None:
    page = text(staff, f"{DELIVERIES}{a_delivery(acme).pk}/change/")

    assert "503" in page
    assert "did not answer: ConnectionError" in page
    assert "&lt;b&gt;later&lt;/b&gt;" in page
    [found] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    command = found.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    words = shlex.split(command.replace("\\\n", " "))
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    assert "https://acme.example/hooks" in words
    Webhook(SECRET).verify(words[words.index("--data-binary") + 1], headers)
    assert SECRET not in page


def test_readers_see_no_secret_no_command_and_no_button(acme: Endpoint) -> None:
    reader = sitting("view_endpoint", "view_delivery")
    delivery = a_delivery(acme)

    endpoint_page = text(reader, f"{ENDPOINTS}{acme.pk}/change/")
    delivery_page = text(reader, f"{DELIVERIES}{delivery.pk}/change/")

    for page in (endpoint_page, delivery_page):
        assert SECRET not in page
        assert "/decide/" not in page
        assert "https://acme.example" in page
        assert "/hooks" not in page
    assert "/hooks" not in text(reader, ENDPOINTS)
    assert "Send a test" not in endpoint_page
    assert "curl" not in delivery_page
    for address in (
        f"{ENDPOINTS}{acme.pk}/test/",
        f"{ENDPOINTS}{acme.pk}/recover/",
        f"{ENDPOINTS}{acme.pk}/decide/rotate/",
        f"{ENDPOINTS}0/decide/rotate/",
        f"{DELIVERIES}{delivery.pk}/decide/resend/",
    ):
        assert reader.post(address, {"reason": "no"}).status_code == 403, address


def test_a_test_is_sent_and_its_page_looks_until_it_has_come_to_something(
    staff: Client, acme: Endpoint
) -> None:
    answer = staff.post(f"{ENDPOINTS}{acme.pk}/test/")
    page = answer["Location"]
    assert staff.get(page)["Refresh"] == "1"
    webhook_id = Event.objects.get().payload["kwargs"]["webhook_id"]

    a_delivery(acme, webhook_id=webhook_id, type="endpoint.test")

    assert "Refresh" not in staff.get(page)
    assert webhook_id in text(staff, page)
    assert LogEntry.objects.get().change_message == "Sent a test."


@pytest.mark.parametrize("start", ["other:endpoint.test", "acme:order.completed", ""])
def test_what_no_test_of_it_is_called_is_not_waited_for(
    start: str, staff: Client, acme: Endpoint
) -> None:
    webhook_id = f"{start}:{acme.tag}:{int(timezone.now().timestamp())}"
    answer = staff.get(f"{ENDPOINTS}{acme.pk}/change/", {"test": webhook_id})

    assert (answer.status_code, answer.get("Refresh")) == (200, None)


def test_a_delivery_shows_its_own_jobs_and_not_those_of_another_order(
    staff: Client, acme: Endpoint
) -> None:
    for number in (1, 17):
        a_delivery_job(acme, number)
    resent = a_delivery_job(acme, 2)
    Job.objects.filter(pk=resent.pk).update(key="acme:order.completed:1:resend-1")

    page = text(staff, f"{DELIVERIES}{a_delivery(acme).pk}/change/")

    assert "acme:order.completed:1:resend-1" in page
    assert "acme:order.completed:17" not in page


def test_a_disabled_one_is_tested_by_nobody(staff: Client) -> None:
    off = an_endpoint("acme", disabled_at=timezone.now())
    staff.post(f"{ENDPOINTS}{off.pk}/test/")

    assert not Event.objects.exists()


def test_it_is_disabled_with_a_reason_and_enabled_again(staff: Client, acme: Endpoint) -> None:
    decide = f"{ENDPOINTS}{acme.pk}/decide/"
    assert staff.post(f"{decide}disable/", {"reason": " "}).status_code == 200
    assert "cannot be done" in text(staff, f"{decide}enable/")
    staff.post(f"{decide}disable/", {"reason": "they asked us to"})
    acme.refresh_from_db()
    assert acme.disabled_at
    assert "they asked us to" in text(staff, f"{ENDPOINTS}{acme.pk}/change/")

    staff.post(f"{decide}enable/", {"reason": "they are back"})
    assert Endpoint.objects.filter(pk=acme.pk, disabled_at=None, disabled_because="").exists()
    said = LogEntry.objects.order_by("id").values_list("change_message", flat=True)
    assert list(said) == ["Disable: they asked us to", "Enable: they are back"]


def test_a_secret_is_rotated_and_both_sign_for_a_day(staff: Client, acme: Endpoint) -> None:
    staff.post(f"{ENDPOINTS}{acme.pk}/decide/rotate/", {"reason": "it was on a photograph"})

    acme.refresh_from_db()
    assert acme.secrets[1:] == [SECRET]
    assert acme.previous_until
    left = acme.previous_until - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    shown = staff.post(f"{ENDPOINTS}{acme.pk}/secret/").content.decode()
    assert all(secret in shown for secret in acme.secrets)


def test_support_sends_one_again_with_a_reason_and_manages_nothing(acme: Endpoint) -> None:
    support = sitting("view_endpoint", "view_delivery", "change_delivery")
    delivery = a_delivery(acme)
    support.post(f"{DELIVERIES}{delivery.pk}/decide/resend/", {"reason": "they lost it"})

    asked = Event.objects.get()
    assert asked.payload["key"].startswith("acme:order.completed:1:resend-1-")
    assert LogEntry.objects.get().change_message == "Resend: they lost it"
    assert support.post(f"{ENDPOINTS}{acme.pk}/test/").status_code == 302
    for verb in ("rotate", "disable"):
        address = f"{ENDPOINTS}{acme.pk}/decide/{verb}/"
        assert support.post(address, {"reason": "why"}).status_code == 403
    assert support.get(f"{ENDPOINTS}{acme.pk}/recover/").status_code == 403


def test_recovery_counts_first_and_does_nothing_when_the_count_has_changed(
    staff: Client, acme: Endpoint
) -> None:
    page = f"{ENDPOINTS}{acme.pk}/recover/"
    since = timezone.localtime(timezone.now() - timedelta(hours=2))
    said = {"since": f"{since:%Y-%m-%dT%H:%M}", "reason": "they are back"}
    happened(1)
    assert "1 would be sent" in staff.post(page, said).content.decode()
    assert not asked_for()

    happened(2)
    confirmed = said | {"confirmed": "1", "count": "1"}
    assert "2 would be sent" in staff.post(page, confirmed).content.decode()
    assert not asked_for()

    staff.post(page, confirmed | {"count": "2"})
    assert len(asked_for()) == 1
    assert "Recover 2 since" in LogEntry.objects.get().change_message


def happened(number: int) -> None:
    """A sale that the endpoint was not told of."""
    order = saved(a_line(), number=f"H-{number}")
    Event.objects.create(
        type="orders.order_paid",
        subject=order.subject,
        payload={"order_id": order.pk},
        state="expanded",
        expanded_at=timezone.now(),
    )


def asked_for() -> list[Event]:
    return list(Event.objects.filter(type="deferral.job_asked_for"))


def test_recovery_begins_where_the_oldest_is_that_it_did_not_get(
    staff: Client, acme: Endpoint
) -> None:
    moments = [timezone.now() - timedelta(hours=hours) for hours in (30, 20, 10)]
    for number, moment in enumerate(moments, 1):
        happened(number)
        Event.objects.filter(subject=f"order:H-{number}").update(created_at=moment)
    a_delivery(acme, 1, delivered_at=moments[2])
    a_delivery(acme, 3)
    a_delivery_job(acme, 2)
    Job.objects.update(subject="order:H-2", state="dead")

    page = text(staff, f"{ENDPOINTS}{acme.pk}/recover/")

    assert f'value="{timezone.localtime(moments[1]):%Y-%m-%dT%H:%M}"' in page


def test_a_disabled_one_is_recovered_by_nobody(staff: Client, acme: Endpoint) -> None:
    happened(1)
    Endpoint.objects.filter(pk=acme.pk).update(disabled_at=timezone.now())
    since = timezone.localtime(timezone.now() - timedelta(hours=2))
    said = {"since": f"{since:%Y-%m-%dT%H:%M}", "reason": "why", "confirmed": "1", "count": "1"}

    page = staff.post(f"{ENDPOINTS}{acme.pk}/recover/", said).content.decode()

    assert "Enable it first" in page
    assert not asked_for()


def test_nothing_is_sent_again_to_a_disabled_one(staff: Client, acme: Endpoint) -> None:
    delivery = a_delivery(acme)
    Endpoint.objects.filter(pk=acme.pk).update(disabled_at=timezone.now())

    page = f"{DELIVERIES}{delivery.pk}/decide/resend/"
    assert "cannot be done" in staff.post(page, {"reason": "they lost it"}).content.decode()
    assert not Event.objects.exists()


def test_a_second_press_of_rotate_is_refused(staff: Client, acme: Endpoint) -> None:
    page = f"{ENDPOINTS}{acme.pk}/decide/rotate/"
    staff.post(page, {"reason": "it was on a photograph"})
    assert "cannot be done" in staff.post(page, {"reason": "again"}).content.decode()

    acme.refresh_from_db()
    assert acme.secrets[1:] == [SECRET]
    assert "/decide/rotate/" not in text(staff, f"{ENDPOINTS}{acme.pk}/change/")


def test_there_is_no_other_decision(staff: Client, acme: Endpoint) -> None:
    delivery = a_delivery(acme)
    for address in (
        f"{ENDPOINTS}{acme.pk}/decide/resend/",
        f"{ENDPOINTS}0/decide/disable/",
        f"{DELIVERIES}{delivery.pk}/decide/rotate/",
        f"{DELIVERIES}0/decide/resend/",
    ):
        assert staff.post(address, {"reason": "why"}).status_code == 404, address


@pytest.mark.parametrize("days", [-1, 61])
def test_recovery_reaches_neither_ahead_nor_beyond_what_is_kept(
    staff: Client, acme: Endpoint, days: int
) -> None:
    since = timezone.localtime(timezone.now() - timedelta(days=days))
    said = {"since": f"{since:%Y-%m-%dT%H:%M}", "reason": "why", "confirmed": "1", "count": "0"}

    page = staff.post(f"{ENDPOINTS}{acme.pk}/recover/", said).content.decode()

    assert "within the last 60 days" in page
    assert not Event.objects.exists()


def test_nobody_deletes_an_endpoint(staff: Client, acme: Endpoint) -> None:
    answer = staff.post(f"{ENDPOINTS}{acme.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert Job.objects.count() == 0
