"""Staff read messages, answer them, close them; of two at once the second is told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from audit.models import AuditEntry
from contact.drafting.making import WAITS
from contact.models import LONGEST_WORDS, Draft, Message
from deferral.models import Intervention
from tests.contact.writing import names_the_ai, taken, work_off
from tests.deferral.staff import sitting
from tests.orders.buying import placed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grace() -> Client:
    return sitting("view_message", "change_message", "view_order")


def page_of(message: Message, verb: str = "") -> str:
    if verb:
        return reverse("admin:contact_message_decide", args=[message.pk, verb])
    return reverse("admin:contact_message_change", args=[message.pk])


def shown(who: Client, address: str) -> str:
    answer: Any = who.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def a_draft(message: Message, words: str) -> Draft:
    return Draft.objects.create(message=message, number=1, state=Draft.State.MADE, words=words)


def test_the_draft_stands_in_the_field_and_what_is_sent_is_the_field(grace: Client) -> None:
    message = taken()
    a_draft(message, "Proposed by a program.")
    assert "Proposed by a program.</textarea>" in shown(grace, page_of(message, "answer"))

    grace.post(page_of(message, "answer"), {"version": 1, "words": "By a person."})

    answer = message.answers.get()
    assert answer.words == "By a person."
    assert Message.objects.get().state == Message.State.ANSWERED


def test_who_answered_is_written_down(grace: Client) -> None:
    message = taken()
    grace.post(page_of(message, "answer"), {"version": 1, "words": "By a person."})

    entry = AuditEntry.objects.get(action="message_answered")
    assert (entry.subject, entry.actor) == (message.subject, message.answers.get().by)
    assert Intervention.objects.filter(subject=message.subject).exists()


def test_of_two_colleagues_the_second_is_told(grace: Client) -> None:
    message = taken()
    form = {"version": 1, "words": "By a person."}
    grace.post(page_of(message, "answer"), form)
    answer = grace.post(page_of(message, "answer"), form | {"words": "By another."}, follow=True)

    assert answer.status_code == 409
    assert b"A colleague has answered" in answer.content
    assert message.answers.count() == 1
    work_off("nothing")
    assert message.answers.count() == 1


def test_what_the_second_typed_stands_there_and_may_be_sent_after_all(grace: Client) -> None:
    message = taken()
    form = {"version": 1, "words": "By a person."}
    grace.post(page_of(message, "answer"), form)
    shown = grace.post(page_of(message, "answer"), form | {"words": "By another."})
    again = shown.context["form"]
    assert again["words"].value() == "By another."
    typed = {name: again[name].value() or "" for name in again.fields}
    grace.post(page_of(message, "answer"), typed)

    assert message.answers.latest("id").words == "By another."


def test_what_was_typed_stands_there_where_it_cannot_be_done_any_more(grace: Client) -> None:
    message = taken()
    page = page_of(message, "close")
    grace.post(page, {"version": 1, "reason": "Spam."})
    answer = grace.post(page, {"version": 1, "reason": "Looks like an advert."})

    assert b"cannot be done with it any more" in answer.content
    assert b"Looks like an advert." in answer.content


def test_a_place_to_look_up_is_found_over_a_line_break(grace: Client) -> None:
    message = taken()
    a_draft(message, "It arrives [look up:\nwhen].")
    typed = {"version": 1, "words": "It arrives [look up:\r\nwhen]."}
    answer = grace.post(page_of(message, "answer"), typed)

    assert b"has left this to you" in answer.content
    assert not message.answers.exists()


def test_a_line_break_of_an_answer_is_one_character(grace: Client) -> None:
    message = taken()
    words = "a\n" * (LONGEST_WORDS // 2 - 1) + "bb"
    grace.post(page_of(message, "answer"), {"version": 1, "words": words.replace("\n", "\r\n")})

    assert message.answers.get().words == words


def test_an_empty_answer_is_not_sent(grace: Client) -> None:
    message = taken()
    answer = grace.post(page_of(message, "answer"), {"version": 1, "words": " "})

    assert b"Nothing was sent" in answer.content
    assert not message.answers.exists()


def test_what_a_draft_has_left_to_be_looked_up_is_not_mailed(grace: Client) -> None:
    message = taken()
    a_draft(message, "It arrives [look up: when].")
    answer = grace.post(
        page_of(message, "answer"), {"version": 1, "words": "Dear Ada, it arrives [look up: when]."}
    )

    assert b"it still stands there" in answer.content
    assert not message.answers.exists()
    grace.post(page_of(message, "answer"), {"version": 1, "words": "It arrives [today]."})
    assert message.answers.count() == 1


def test_words_and_drafts_are_text_and_nothing_else(grace: Client) -> None:
    message = taken(words="<script>alert(1)</script> [x](javascript:alert(1))")
    a_draft(message, "<img src=x onerror=alert(1)> https://evil.example")

    for page in (page_of(message), page_of(message, "answer")):
        html = shown(grace, page)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="https://evil.example' not in html


def test_the_order_is_there_if_it_is_theirs(grace: Client) -> None:
    order, _ = placed(email="ada@example.org")
    mine = taken(order_number=order.number, email="ada@example.org")
    other = taken(order_number=order.number, email="eve@example.org")

    address = reverse("admin:orders_order_change", args=[order.pk])
    assert address in shown(grace, page_of(mine))
    assert address not in shown(grace, page_of(other))
    assert "no order of this address" in shown(grace, page_of(other))


def test_what_waits_is_counted_on_the_first_page(grace: Client, settings: Settings) -> None:
    assert "Messages to answer" not in shown(grace, "/admin/")
    names_the_ai(settings)
    waiting, answered = taken(), taken()
    Message.objects.filter(pk=answered.pk).update(state="answered")
    Draft.objects.create(message=waiting, number=1, problem=WAITS)

    page = shown(grace, "/admin/")
    assert "Messages to answer" in page
    assert page_of(waiting) in page
    assert page_of(answered) not in page
    assert "One draft waits for tomorrow" in page


def test_who_may_only_read_decides_nothing() -> None:
    message = taken()
    reader = sitting("view_message")

    assert "Answer…" not in shown(reader, page_of(message))
    assert reader.get(page_of(message, "answer")).status_code == 403


def test_closing_tells_nobody_and_is_written_down(grace: Client) -> None:
    message = taken()
    grace.post(page_of(message, "close"), {"version": 1, "reason": "Spam."})

    assert Message.objects.get().state == Message.State.CLOSED
    assert AuditEntry.objects.filter(action="message_closed").exists()
    assert not message.answers.exists()
