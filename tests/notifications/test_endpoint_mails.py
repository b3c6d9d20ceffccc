"""What staff are told of an endpoint that fails, or is disabled: mails, by its events."""

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from deferral.events import publish
from deferral.models import Job
from deferral.relay.expansion import expand_events
from notifications.health import check_services
from notifications.models import SentMail
from tests.deferral.bench import run
from tests.webhooks.receiving import an_endpoint
from webhooks.events import EndpointDisabled, EndpointFailing
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme() -> Endpoint:
    """Somewhere."""
    return an_endpoint("acme")


def test_each_day_of_failure_and_its_end_are_a_mail_of_their_own(acme: Endpoint) -> None:
    facts = [
        EndpointFailing(endpoint_id=acme.pk, days=1, since=7),
        EndpointFailing(endpoint_id=acme.pk, days=3, since=7),
        EndpointDisabled(endpoint_id=acme.pk, at=9),
    ]
    for fact in facts:
        with transaction.atomic():
            publish(fact, subject=acme.subject)
        expand_events()

    jobs = Job.objects.filter(task="notifications.tell_of_endpoint").order_by("id")
    assert list(jobs.values_list("key", "kwargs__days")) == [
        (f"endpoint_failing:{acme.name}:7:1", 1),
        (f"endpoint_failing:{acme.name}:7:3", 3),
        (f"endpoint_disabled:{acme.name}:9", 0),
    ]


@pytest.mark.parametrize("days", [1, 0])
def test_staff_are_told_what_is_so_and_nothing_once_it_is_over(
    days: int, acme: Endpoint, mailoutbox: list[EmailMessage]
) -> None:
    fact = {"endpoint_id": acme.pk, "days": days}
    for key in ("over", "so"):
        run(
            Job.objects.create(
                key=key, task="notifications.tell_of_endpoint", queue="bulk", kwargs=fact
            )
        )
        off = None if days else Now()
        Endpoint.objects.update(failing_since=Now(), failures=7, disabled_at=off)

    [mail], [_] = SentMail.objects.all(), mailoutbox
    assert mail.key == "so"
    assert "/hooks" not in mail.text + mail.html
    assert f"/admin/webhooks/endpoint/{acme.pk}/change/" in mail.text
    if days:
        assert "7 attempts in all. After five days and twenty failures" in mail.text


def test_doctor_knocks_at_no_endpoint(acme: Endpoint) -> None:
    """Its connections are not `outbound`'s: whoever types an address in must not aim them."""
    assert {one.name for one in check_services()}.isdisjoint({"acme", "partner"})
