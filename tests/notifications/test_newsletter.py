"""The newsletter: asked for by anybody, confirmed by the mailbox's owner, ended by one click."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from notifications.campaigns import audience
from notifications.models import Recipient, Subscription, Suppression
from notifications.newsletter.tokens import join_address, leave_address
from tests.deferral.bench import deliver
from tests.notifications.mailings import started, subscribe
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/newsletter/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def _really_sent(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"


@pytest.fixture
def strict() -> Client:
    """Without cookies, and held to CSRF: a mailbox provider's machine."""
    return Client(enforce_csrf_checks=True)


def path(address: str) -> str:
    """Of a whole address, what this shop is asked for."""
    return "/" + address.split("/", 3)[3]


def ask(address: str, **more: str) -> bytes:
    """What whoever asks is answered, but for the token of the form."""
    return TOKEN.sub("", Client().post(PAGE, {"email": address, **more}).content.decode()).encode()


def work_off() -> None:
    expand_events()
    for job in Job.objects.filter(state="pending"):
        deliver(job)


def test_nobody_is_subscribed_until_the_mailboxs_owner_confirms(sandbox: Sandbox) -> None:
    ask("ada@double.example.org", name="Ada")
    work_off()
    assert audience.count() == 0

    [mail] = sandbox.mails("ada@double.example.org")
    text = Client().get(path(join_address("ada@double.example.org"))).content
    assert mail["subject"] == "Please confirm: our newsletter"
    assert b"ada@double.example.org" in text
    assert audience.count() == 0  # a scanner has followed the link
    Client().post(path(join_address("ada@double.example.org")))
    assert audience.count() == 1


def test_the_answer_is_the_same_for_every_address(sandbox: Sandbox) -> None:
    subscribe("known@same.example.org")
    subscribe("left@same.example.org", state="ended")
    Suppression.objects.create(address="gone@same.example.org", because="no such mailbox")
    answers = {ask(f"{who}@same.example.org") for who in ("known", "left", "gone", "new")}

    assert len(answers) == 1


def test_who_is_subscribed_stays_so_whoever_asks(sandbox: Sandbox) -> None:
    subscribe("known@stays.example.org", asked_at="2026-01-01T00:00Z")
    ask("KNOWN@stays.example.org")
    work_off()

    assert Subscription.objects.get().state == "confirmed"
    [mail] = sandbox.mails("known@stays.example.org")
    assert mail["subject"] == "You have our newsletter already"


def test_nobodys_mailbox_can_be_filled_by_asking_again_and_again() -> None:
    for _ in range(5):
        ask("ada@often.example.org")

    assert Event.objects.count() == 1


def test_a_mailbox_that_never_confirmed_is_asked_a_fourth_time_after_a_week() -> None:
    for count in range(1, 6):
        Subscription.objects.update(asked_at=Now() - timedelta(minutes=11))
        ask("ada@often.example.org")
        assert Event.objects.count() == min(count, 3)

    Subscription.objects.update(asked_at=Now() - timedelta(days=8))
    ask("ada@often.example.org")
    assert Event.objects.count() == 4


def test_a_suppressed_mailbox_is_not_asked(sandbox: Sandbox) -> None:
    Suppression.objects.create(address="gone@asked.example.org", because="no such mailbox")
    ask("gone@asked.example.org")
    work_off()

    assert sandbox.mails("gone@asked.example.org") == []


def test_an_address_that_anybody_typed_in_and_is_refused_for_good_is_no_dead_letter() -> None:
    ask("bounce@example.org")
    work_off()

    assert not Job.objects.exclude(state="done").exists()
    assert not Subscription.objects.exclude(state="asked").exists()


@pytest.mark.parametrize(
    "address", ["no address", "ada@example", "a@b.example\nBcc: e@example.org"]
)
def test_what_is_no_address_is_refused_with_a_sentence(address: str) -> None:
    answer = Client().post(PAGE, {"email": address})

    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_one_click_ends_it_without_cookie_login_or_token_of_a_form(strict: Client) -> None:
    """RFC 8058: what a mailbox provider's own button sends."""
    subscribe("ada@click.example.org")
    campaign = started()
    link = path(leave_address("ada@click.example.org", campaign.recipients.get().pk))
    answer = strict.post(link, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not answer.cookies
    assert Subscription.objects.get().state == "ended"
    assert Recipient.objects.get().unsubscribed_at


def test_a_scanner_that_follows_the_link_ends_nothing(strict: Client) -> None:
    subscribe("ada@scan.example.org")
    answer = strict.get(path(leave_address("ada@scan.example.org")))

    assert b"Unsubscribe</button>" in answer.content
    assert Subscription.objects.get().state == "confirmed"


def test_a_link_of_before_a_backup_ends_what_there_is_now(strict: Client) -> None:
    strict.post(path(leave_address("ada@backup.example.org", 4711)))

    assert Subscription.objects.get().state == "ended"


def test_a_link_counts_for_its_own_mail_alone(strict: Client) -> None:
    subscribe("ada@own.example.org")
    campaign = started()
    strict.post(path(leave_address("eve@own.example.org", campaign.recipients.get().pk)))

    assert not Recipient.objects.get().unsubscribed_at
    assert Subscription.objects.get(address="ada@own.example.org").state == "confirmed"


def test_a_link_that_we_have_not_signed_does_nothing() -> None:
    subscribe("ada@forged.example.org")
    real = path(leave_address("ada@forged.example.org"))
    forged = (real[:-3] + "aa/", real.replace("leave", "confirm"), "/newsletter/leave/x/")
    for link in forged:
        assert Client().post(link).status_code == 404

    assert Subscription.objects.get().state == "confirmed"


def test_the_page_is_in_the_shops_footer() -> None:
    assert b'<a href="/newsletter/">Newsletter</a>' in Client().get("/").content
