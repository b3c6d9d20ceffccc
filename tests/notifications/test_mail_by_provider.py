"""A mail that somebody waits for, taken by a provider: sent, tried again, or never."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Retry, ServiceAway
from notifications import gateway
from notifications.gateway import Attachment, Mail, send_mail
from notifications.outcomes.not_deliverable import NotDeliverable
from tests.notifications.by_provider import provider
from tests.notifications.stand_in_provider import TOKEN, Provider

__all__ = ["provider"]
pytestmark = pytest.mark.django_db
MAIL = Mail(
    key="order_confirmation:of-12",
    to="ada@http.example.org",
    subject="Your order H-12",
    text="Thank you.",
    html="<p>Thank you.</p>",
    attachments=(Attachment(filename="receipt é.pdf", content=b"%PDF"),),
)


def test_it_arrives_whole_and_the_key_is_its_message_id(provider: Provider) -> None:
    send_mail(MAIL)

    [mail] = provider.taken
    assert (mail["To"], mail["Subject"]) == ("ada@http.example.org", "Your order H-12")
    assert (mail["TextBody"], mail["HtmlBody"]) == ("Thank you.", "<p>Thank you.</p>")
    assert [each["Name"] for each in mail["Attachments"]] == ["receipt é.pdf"]
    headers = {each["Name"]: each["Value"] for each in mail["Headers"]}
    assert headers["Message-ID"] == "<order_confirmation.3Aof-12@127.0.0.1>"
    assert "MessageStream" not in mail  # not that of campaigns


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((422, {"ErrorCode": 406, "Message": "marked as inactive"}), Bury),
        ((422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'ada@http'."}), Bury),
        ((413, {}), Bury),
        ((422, {"ErrorCode": 411, "Message": "forbidden attachment"}), Bury),
        ((422, {"ErrorCode": 300, "Message": "Invalid 'Subject'"}), Bury),
        ((422, {"ErrorCode": 300, "Message": "Invalid 'From' address: 'to@x.example'."}), Retry),
        ((422, {"ErrorCode": 1235, "Message": "The stream provided does not exist"}), Retry),
        ((200, {"ErrorCode": 911, "Message": "an error all the same"}), Retry),
        ((400, {"Message": "who knows"}), Retry),
        ((418, {}), Retry),
        ((422, {"ErrorCode": 405, "Message": "no credit"}), Retry),
        ((401, {"ErrorCode": 10}), Retry),
        ((409, {}), Retry),
        ((500, {}), Retry),
        ((200, "{"), Retry),
    ],
)
def test_only_what_is_said_of_it_for_good_buries_it(
    provider: Provider, answer: tuple[int, Any], outcome: type[Exception]
) -> None:
    provider.says[""] = answer
    with pytest.raises(outcome, match="postmark"):
        send_mail(MAIL)


def test_asked_to_wait_it_comes_back_then_and_nobody_else_asks_meanwhile(
    provider: Provider,
) -> None:
    provider.says[""], provider.headers = (429, {}), {"Retry-After": "77"}
    with pytest.raises(Retry) as caught:
        send_mail(MAIL)
    assert caught.value.after == 77.0

    with pytest.raises(ServiceAway):
        send_mail(MAIL)


def test_a_provider_that_says_nothing_is_left_at_the_deadline(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "DEADLINE", 1.0)
    provider.hangs = True
    with pytest.raises(Retry, match="did not answer") as caught:
        send_mail(MAIL)

    assert "ReadTimeout" not in str(caught.value)  # silence alone would end it later


@pytest.mark.parametrize(
    ("name", "taken", "of_us", "of_it"),
    [
        (
            "brevo",
            (201, {"messageId": "<1@brevo>"}),
            {"code": "invalid_parameter", "message": "sender is inactive"},
            {"code": "invalid_parameter", "message": "email is not valid in to"},
        ),
        (
            "mailtrap",
            (200, {"success": True, "message_ids": ["1"]}),
            {"errors": ["no", {"to": "invalid"}]},
            {"errors": ["'to' address is invalid"]},
        ),
    ],
)
def test_another_provider_is_given_the_same_mail_and_its_answers_mean_the_same(
    provider: Provider,
    settings: Settings,
    name: str,
    taken: tuple[int, Any],
    of_us: Any,
    of_it: Any,
) -> None:
    settings.MAIL_PROVIDER = replace(settings.MAIL_PROVIDER, name=name)
    provider.other = taken
    send_mail(MAIL)
    assert all(part in str(provider.taken) for part in (TOKEN, MAIL.to, MAIL.subject, MAIL.html))

    for said, outcome in ((of_us, Retry), (of_it, NotDeliverable)):
        provider.other = (400, said)
        with pytest.raises(outcome, match=f"{name} answered 400"):
            send_mail(MAIL)
