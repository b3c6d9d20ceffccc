"""Endpoints' secrets: sealed in the database, masked on pages, and a key that is lost is said."""

from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.models import Job
from orders.models import Order
from tests.config.test_roles import ROLES, somebody
from tests.deferral.bench import run
from tests.deferral.staff import sitting
from tests.webhooks.receiving import SECRET, Receiver, a_delivery_job, an_endpoint
from webhooks.endpoints import disable, note_failure, rotate_secret
from webhooks.health import check_secrets
from webhooks.models import Delivery, Endpoint
from webhooks.sealing import NotOpened, opened, seal

pytestmark = pytest.mark.django_db
ENDPOINTS = "/admin/webhooks/endpoint/"


def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def acme() -> Endpoint:
    return an_endpoint("acme")


@pytest.fixture
def closed(acme: Endpoint, settings: Settings) -> Endpoint:
    """After a restore: the key that sealed it is not here."""
    settings.SEALING_KEYS = [new_key()]
    return Endpoint.objects.get(pk=acme.pk)


def lying_there() -> str:
    """Everything that the table holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM webhooks_endpoint e WHERE slug = 'acme'")
        return str(cursor.fetchone()[0])


def test_a_table_and_a_dump_hold_no_secret(acme: Endpoint) -> None:
    rotate_secret(endpoint_id=acme.pk, by="ada", reason="it was on a photograph")
    row = Endpoint.objects.get(pk=acme.pk)
    dump = serializers.serialize("json", [row])

    for secret in row.secrets:
        assert secret not in lying_there()
        assert secret not in dump
    assert lying_there().count("sealed:") == 2


def test_a_dump_is_read_back_as_it_was(acme: Endpoint) -> None:
    for one in serializers.deserialize("json", serializers.serialize("json", [acme])):
        one.save()

    assert Endpoint.objects.get(pk=acme.pk).secrets == [SECRET]


def test_nobody_finds_an_endpoint_by_its_secret(acme: Endpoint) -> None:
    for lookup in ("secret", "secret__startswith", "secret__regex", "previous_secret__isnull"):
        with pytest.raises(FieldError):
            Endpoint.objects.filter(**{lookup: SECRET}).exists()


def test_the_first_key_seals_and_each_of_them_opens(settings: Settings) -> None:
    old, new = new_key(), new_key()
    settings.SEALING_KEYS = [old]
    of_old = seal(SECRET)
    settings.SEALING_KEYS = [new, old]
    of_new = seal(SECRET)

    assert opened(of_old) == opened(of_new) == SECRET
    settings.SEALING_KEYS = [new]
    assert opened(of_new) == SECRET
    with pytest.raises(NotOpened, match="not among SEALING_KEYS"):
        opened(of_old)


def test_reseal_lets_the_old_key_go(acme: Endpoint, settings: Settings) -> None:
    rotate_secret(endpoint_id=acme.pk, by="ada", reason="it was on a photograph")
    before = Endpoint.objects.get(pk=acme.pk).secrets
    [old], new = settings.SEALING_KEYS, new_key()
    settings.SEALING_KEYS = [new, old]
    said = StringIO()
    call_command("reseal", stdout=said)

    settings.SEALING_KEYS = [new]
    assert Endpoint.objects.get(pk=acme.pk).secrets == before
    assert "3 sealed with the first key" in said.getvalue()  # the partner's too


def test_reseal_names_what_it_cannot_open_and_does_the_others(
    closed: Endpoint, settings: Settings
) -> None:
    fresh = an_endpoint("fresh")
    with pytest.raises(CommandError, match=f"and left: .*endpoint {closed.pk}"):
        call_command("reseal", stdout=StringIO())

    assert Endpoint.objects.get(pk=fresh.pk).secrets == [SECRET]
    assert Endpoint.objects.get(pk=closed.pk).unsigned_because


def test_a_secret_that_cannot_be_opened_breaks_no_page_and_says_so(closed: Endpoint) -> None:
    staff = sitting(superuser=True)
    delivery = Delivery.objects.create(
        webhook_id="acme:1", endpoint=closed, type="order.completed", subject="order:H-1", body="{}"
    )

    assert b"secret cannot be opened" in staff.get(ENDPOINTS).content
    page = staff.get(f"{ENDPOINTS}{closed.pk}/change/").content.decode()
    assert "not among SEALING_KEYS" in page
    assert "Show secret" not in page
    assert staff.post(f"{ENDPOINTS}{closed.pk}/secret/").status_code == 302
    assert staff.get(f"/admin/webhooks/delivery/{delivery.pk}/change/").status_code == 200
    [finding] = check_secrets()
    assert (finding.well, "acme" in finding.detail) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_waits_for_the_key_at_no_cost(
    order: Order, settings: Settings, receiver: Receiver
) -> None:
    acme = an_endpoint("acme", url=receiver.url)
    [key] = settings.SEALING_KEYS
    settings.SEALING_KEYS = [new_key()]
    job = run(a_delivery_job(acme, order.pk))
    assert (job.state, job.attempts, job.snoozes, receiver.received) == ("pending", 0, 1, [])
    assert Endpoint.objects.get(pk=acme.pk).failures == 0

    settings.SEALING_KEYS = [key]
    Job.objects.update(next_at=Now(), sent_at=None)
    assert run(job).state == "done"


def test_what_cannot_be_opened_is_disabled_counted_and_rotated_all_the_same(
    closed: Endpoint,
) -> None:
    note_failure(closed.pk, gone=False)
    disable(endpoint_id=closed.pk, by="ada", reason="a restore")
    in_an_hour = timezone.now() + timedelta(hours=1)
    sealed_before = {"previous_secret": closed.secret, "previous_until": in_an_hour}
    Endpoint.objects.filter(pk=closed.pk).update(disabled_at=None, **sealed_before)
    page = sitting(superuser=True).get(f"{ENDPOINTS}{closed.pk}/change/")
    assert b"Rotate secret" in page.content
    rotated = rotate_secret(endpoint_id=closed.pk, by="ada", reason="the key is lost")

    assert len(rotated.secrets) == 1
    assert not Endpoint.objects.get(pk=closed.pk).unsigned_because


def test_no_page_shows_a_secret_until_somebody_presses_the_button(acme: Endpoint) -> None:
    staff = sitting(superuser=True)
    for page in ("", f"{acme.pk}/change/", f"{acme.pk}/history/", f"{acme.pk}/decide/rotate/"):
        found = staff.get(f"{ENDPOINTS}{page}").content.decode()
        assert not {SECRET, Endpoint.objects.get(pk=acme.pk).secret} & set(found.split('"'))
        assert SECRET not in found


def test_who_has_a_secret_shown_is_written_down_first(acme: Endpoint) -> None:
    operator, address = somebody("operator"), f"{ENDPOINTS}{acme.pk}/secret/"
    assert "Show secret" in operator.get(f"{ENDPOINTS}{acme.pk}/change/").content.decode()
    operator.get(address)
    assert not LogEntry.objects.exists()

    answer = operator.post(address)

    assert SECRET in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.change_message) == (str(acme.pk), "Had the secret shown.")
    assert "Had the secret shown." in operator.get(f"{ENDPOINTS}{acme.pk}/change/").content.decode()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "operator"])
def test_other_roles_have_no_secret_shown(role: str, acme: Endpoint) -> None:
    who = somebody(role)

    assert "Show secret" not in who.get(f"{ENDPOINTS}{acme.pk}/change/").content.decode()
    assert who.post(f"{ENDPOINTS}{acme.pk}/secret/").status_code == 403
    assert not LogEntry.objects.exists()


def test_who_manages_endpoints_sees_no_secret_by_that(acme: Endpoint) -> None:
    manager = sitting("view_endpoint", "change_endpoint")

    assert manager.post(f"{ENDPOINTS}{acme.pk}/secret/").status_code == 403
