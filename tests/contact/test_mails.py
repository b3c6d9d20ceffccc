"""What is mailed about a message: no relay, nothing typed is a header, an answer once."""

from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import requests
from django.core import mail
from pytest_django.fixtures import Settings

from contact.answering import answer_message
from contact.models import Message
from notifications.models import SentMail
from tests.contact.writing import taken, work_off
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = ("notifications.tell_of_message", "notifications.acknowledge_message")
SPAM = "Buy at https://pills.example"


def mailed(message: Message, *tasks: str) -> dict[str, Any]:
    """By the mailbox they went to."""
    work_off(*(tasks or MAILS))
    return {one.to[0]: one for one in mail.outbox}


def test_staff_reply_to_whoever_wrote(settings: Settings) -> None:
    message = taken(name="Ada, <eve@example.org>")
    sent = mailed(message)[settings.STAFF_EMAIL]

    assert sent.reply_to == [message.email]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "The mug came broken." in sent.body
    assert "Lovelace" not in sent.subject


def test_nothing_typed_is_mailed_to_an_address_that_anybody_typed() -> None:
    message = taken(name=SPAM, words=SPAM, order_number="H-1")
    sent = mailed(message)[message.email]

    whole = f"{sent.subject} {sent.body} {sent.alternatives[0][0]} {sent.from_email}"
    assert "pills" not in whole
    assert sent.extra_headers["Auto-Submitted"] == "auto-replied"


def test_a_name_is_no_header(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    message = taken()
    # As somebody else may have written the row.
    Message.objects.filter(pk=message.pk).update(name="Ada\r\nBcc: eve@example.org")
    work_off(*MAILS)

    newest = max(one["id"] for one in sandbox.mails(settings.STAFF_EMAIL))
    raw = requests.get(f"{sandbox.inbox}/messages/{newest}/raw", timeout=15).content
    found = message_from_bytes(raw, policy=default)
    assert found["Bcc"] is None
    assert found["Reply-To"] == message.email
    assert not sandbox.mails("eve@example.org")


def test_an_address_that_takes_no_mail_is_no_dead_letter() -> None:
    message = taken()
    Message.objects.filter(pk=message.pk).update(email="nobody at all")

    [job] = work_off("notifications.acknowledge_message")
    assert job.state == "done"


def test_an_answer_is_mailed_once_by_a_person(settings: Settings) -> None:
    message = taken()
    words = "We send another.\n\nGrace"
    answer_message(message_id=message.pk, by="grace", reason="", version=1, words=words)
    sent = mailed(message, "notifications.send_answer")[message.email]
    work_off("notifications.send_answer")

    assert "We send another." in sent.body
    assert "> What now? Yours, Ada" in sent.body
    assert sent.reply_to == [settings.STAFF_EMAIL]
    assert "Auto-Submitted" not in sent.extra_headers
    assert SentMail.objects.filter(about=message.subject, to=message.email).count() == 1


def test_the_crm_knows_the_writer_and_not_the_words(sandbox: Sandbox) -> None:
    message = taken()
    jobs = work_off("notifications.tell_crm_of_message", "notifications.count_message")

    assert [job.state for job in jobs] == ["done", "done"]
    crm = [one for one in sandbox.get("/ledger.json")["crm"] if message.tag in one["key"]]
    assert [(one["effect"], one["accepted"]) for one in crm] == [("contact", 1)]
