"""The contact form: kept and answered at once, nothing typed is lost, nobody floods anybody."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from contact.forgetting import forget, forget_messages, messages_of
from contact.models import Message
from contact.selectors import order_of
from deferral.models import Event, Job
from tests.contact.writing import WORDS, a_form, sends, taken, work_off
from tests.orders.buying import placed
from tests.rig.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def limits(settings: Settings) -> None:
    settings.RATE_LIMITS = True


def test_a_message_is_one_row_and_one_event_and_leads_on(client: Client) -> None:
    answer = sends(client)

    message = Message.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/contact/sent/{message.tag}/")
    assert [one.type for one in Event.objects.all()] == ["contact.message_received"]
    assert Event.objects.get().payload == {"message_id": message.pk}
    page = client.get(answer["Location"]).content.decode()
    assert message.tag in page
    assert message.email not in page


def test_four_effects_follow_and_none_waits_for_another(client: Client) -> None:
    sends(client)
    work_off("nothing")

    tag = Message.objects.get().tag
    keys = {*Job.objects.values_list("key", flat=True)}
    assert keys == {
        f"contact_staff:{tag}",
        f"contact_arrived:{tag}",
        f"crm:message:{tag}",
        f"analytics:message_received:{tag}",
    }
    assert not Job.objects.exclude(ordering_key=None).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nobody"}, {"words": " "}, {"name": "Ada\nBcc: a@b.example"}, {"topic": "war"}],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, wrong: dict[str, str]
) -> None:
    form = a_form(order_number="H-17", words=WORDS) | wrong
    answer = client.post("/contact/", form)

    assert answer.status_code == 422
    assert not Message.objects.exists()
    shown = answer.context["form"]
    assert {name: shown[name].value() for name in form} == form


def test_pressed_twice_it_is_one_message(client: Client) -> None:
    form = a_form()
    first, second = (client.post("/contact/", form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert (Message.objects.count(), Event.objects.count()) == (1, 1)


def test_pressed_at_the_same_moment_it_is_one_message() -> None:
    press = partial(Client().post, "/contact/", a_form())
    answers = at_once(press, press, press)

    assert {answer.status_code for answer in answers} == {302}
    assert (Message.objects.count(), Event.objects.count()) == (1, 1)


def test_other_words_under_the_same_form_are_not_dropped_in_silence(client: Client) -> None:
    form = a_form()
    client.post("/contact/", form)
    answer = client.post("/contact/", form | {"words": "And another thing."})

    assert answer.status_code == 409
    again = answer.context["form"]
    assert again["words"].value() == "And another thing."
    assert Message.objects.get().words == WORDS
    client.post("/contact/", {name: again[name].value() for name in again.fields})
    assert Message.objects.count() == 2


@pytest.mark.parametrize("key", ["", "no-uuid", "\x00"])
def test_a_form_without_its_key_is_taken_all_the_same(client: Client, key: str) -> None:
    assert sends(client, form_key=key).status_code == 302


@pytest.mark.usefixtures("limits")
def test_who_sends_too_much_is_told_when_and_loses_nothing(client: Client) -> None:
    for _ in range(10):
        assert sends(client).status_code == 302
    answer = sends(client, words="The eleventh.")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert b"in 60 minutes" in answer.content
    assert b"The eleventh." in answer.content
    assert Message.objects.count() == 10


@pytest.mark.usefixtures("limits")
def test_nobody_can_have_a_mailbox_flooded(client: Client) -> None:
    for _ in range(5):
        sends(client, email="victim@contact.example.org")
    work_off("nothing")

    arrived = Job.objects.filter(task="notifications.acknowledge_message")
    assert (Message.objects.count(), arrived.count()) == (5, 3)
    last = Message.objects.first()
    assert last is not None
    assert b"No other mail" in client.get(f"/contact/sent/{last.tag}/").content


def test_our_own_mailbox_is_not_answered_by_a_program(client: Client, settings: Settings) -> None:
    sends(client, email=settings.STAFF_EMAIL.upper().replace("EXAMPLE", "example"))

    assert not Message.objects.get().is_acknowledged


@pytest.mark.parametrize("typed", ["H-10482", "h10482", " 10482 ", "H 10482"])
def test_an_order_number_is_taken_however_it_is_typed(client: Client, typed: str) -> None:
    sends(client, order_number=typed)

    assert Message.objects.get().order_number == "H-10482"


def test_an_order_is_shown_where_the_address_is_its_own() -> None:
    order, _ = placed(email="Ada@Example.org")
    mine = taken(order_number=order.number, email="ada@example.org")
    other = taken(order_number=order.number, email="eve@example.org")

    assert order_of(mine) == order
    assert order_of(other) is None


def test_who_is_logged_in_need_not_type_their_address(client: Client) -> None:
    user = User.objects.create_user("ada@example.org", name="Ada")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    form: Any = client.get("/contact/?order=H-17").context["form"]

    assert [form[name].value() for name in ("name", "email", "order_number")] == [
        "Ada",
        "ada@example.org",
        "H-17",
    ]


def test_messages_leave_a_year_after_they_were_settled() -> None:
    old, settled, waiting = (taken() for _ in range(3))
    Message.objects.filter(pk=old.pk).update(settled_at="2025-01-01T00:00Z", state="closed")
    Message.objects.filter(pk=settled.pk).update(settled_at="2100-01-01T00:00Z", state="closed")

    assert forget_messages() == 1
    assert {*Message.objects.all()} == {settled, waiting}
    assert forget(messages_of(waiting.email.upper())) == 1


def test_a_message_that_has_left_costs_its_jobs_nothing() -> None:
    message = taken()
    work_off("nothing")
    message.delete()

    assert {job.state for job in work_off("notifications.tell_of_message")} == {"done"}
