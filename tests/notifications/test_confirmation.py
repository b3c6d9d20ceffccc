"""What the confirmation says, and what it carries."""

import re
from typing import Any

import pytest
import structlog
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.test import Client

from deferral.models import Event, Job
from notifications import messages, services
from notifications.gateway import Mail, send_mail
from orders.models import Order
from reports.document_keys import expected_keys
from reports.models import Document
from shop.wording import euros
from tests.rig.stocking import stock_shop

KEY = "order_confirmation:7"
LINK = re.compile(r"http://[^\s\"<]+/downloads/[^\s\"<]+")


def mail_for(
    order: Order, *documents: Document, missing: tuple[str, ...] = (), given_up: int = 0
) -> Mail:
    return messages.confirmation(
        order, documents=documents, missing=missing, given_up=given_up, key=KEY
    )


def large(order: Order, *sizes: int) -> list[Document]:
    """Documents that only claim to be large: links need no file."""
    return [
        Document(order=order, key=f"ticket:1:{n}", title=f"Ticket {n}", size=size)
        for n, size in enumerate(sizes)
    ]


def test_it_goes_to_the_customer_under_the_orders_number(order: Order) -> None:
    mail = mail_for(order)

    assert (mail.key, mail.to) == (KEY, order.email)
    assert mail.subject == f"Your order {order.number}"


def test_the_documents_are_attached_whole(order: Order, receipt: Document) -> None:
    mail = mail_for(order, receipt)
    [attachment] = mail.attachments

    assert (attachment.filename, attachment.content) == ("receipt.pdf", b"%PDF receipt")
    for body in (mail.text, mail.html):
        assert "every document that belongs to it is attached" in body
        assert "could not be made yet" not in body
        assert "too large" not in body


def test_above_8_mb_links_take_the_place_of_attachments(order: Order, client: Client) -> None:
    mail = mail_for(order, *large(order, 4_000_000, 4_000_001))

    assert mail.attachments == ()
    for body in (mail.text, mail.html):
        assert "too large for a mail" in body
        assert f"/orders/{order.number}/documents/ticket:1:1/?token={order.link_token}" in body
        assert "is attached" not in body


def test_up_to_8_mb_travel_with_the_mail(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Document, "read", lambda _: b"%PDF")

    assert len(mail_for(order, *large(order, 4_000_000, 4_000_000)).attachments) == 2


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (("ticket:1:1",), "1 document could not be made yet. It follows by e-mail"),
        (("ticket:1:1", "ticket:1:2"), "2 documents could not be made yet. They follow by e-mail"),
    ],
)
def test_what_is_missing_is_announced(
    order: Order, receipt: Document, missing: tuple[str, ...], words: str
) -> None:
    mail = mail_for(order, receipt, missing=missing)

    for body in (mail.text, mail.html):
        assert words in " ".join(body.split())
        assert "what is ready is attached" in body
        assert "every document" not in body


@pytest.mark.parametrize(
    ("given_up", "words"),
    [
        (1, "1 document could not be made. We will write to you about it."),
        (2, "2 documents could not be made. We will write to you about them."),
    ],
)
def test_what_was_given_up_is_said_and_not_promised(
    order: Order, receipt: Document, given_up: int, words: str
) -> None:
    mail = mail_for(order, receipt, given_up=given_up)

    for body in (mail.text, mail.html):
        assert words in " ".join(body.split())
        assert "follow" not in body
        assert "every document" not in body


def test_nothing_is_said_to_be_attached_when_nothing_is(order: Order) -> None:
    mail = mail_for(order, missing=("receipt:1",))

    assert "attached" not in mail.text + mail.html


def test_its_links_open_every_download(order: Order, client: Client) -> None:
    stock_shop()
    mail = mail_for(order)

    for body in (mail.text, mail.html):
        assert "Download Low Tide" in body
        [link] = LINK.findall(body)
        assert client.get(link).headers["Content-Type"] == "application/zip"


def test_an_order_called_off_meanwhile_has_no_downloads(order: Order) -> None:
    order.move_to(Order.State.CANCELLED)
    mail = mail_for(order)

    assert LINK.findall(mail.text + mail.html) == []


def test_a_name_is_text_in_the_one_and_escaped_in_the_other(order: Order) -> None:
    order.name = "<b>O'Brien & Söhne</b>"
    mail = mail_for(order)

    assert order.name in mail.text
    assert order.name not in mail.html
    assert "&lt;b&gt;O&#x27;Brien &amp; Söhne&lt;/b&gt;" in mail.html


def writing(order: Order, *, discarded: str = "") -> list[str]:
    """The jobs of the order's documents, dead but for the one; all their keys."""
    for key in (keys := expected_keys(order)):
        state = Job.State.DISCARDED if key == discarded else Job.State.DEAD
        facts = {"subject": order.subject, "task": "reports.write_ticket", "queue": "critical"}
        Job.objects.create(key=key, state=state, settled_at=Now(), **facts)
    return keys


@pytest.mark.usefixtures("outside_a_job")
def test_what_it_went_without_is_announced_to_the_house_too(
    order: Order, receipt: Document, mailoutbox: list[Any]
) -> None:
    keys = writing(order)
    services.send_confirmation(order_id=order.pk, key=KEY)

    [mail], [event] = mailoutbox, Event.objects.all()
    assert [name for name, _, _ in mail.attachments] == ["receipt.pdf"]
    assert event.type == "notifications.confirmation_incomplete"
    assert event.payload["missing"] == keys[1:]
    assert len(event.payload["missing"]) == 2


@pytest.mark.usefixtures("outside_a_job")
def test_a_document_whose_job_was_discarded_is_not_promised(
    order: Order, receipt: Document, mailoutbox: list[Any]
) -> None:
    [_, first, second] = expected_keys(order)
    writing(order, discarded=second)
    services.send_confirmation(order_id=order.pk, key=KEY)

    [mail], [event] = mailoutbox, Event.objects.all()
    assert event.payload["missing"] == [first]
    assert "1 document could not be made yet. It follows by e-mail" in mail.body
    assert "1 document could not be made. We will write to you about it." in mail.body


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_an_order_called_off_meanwhile_is_not_confirmed(
    order: Order, receipt: Document, mailoutbox: list[Any], state: str
) -> None:
    Order.objects.update(state=state)

    with structlog.testing.capture_logs() as logs:
        services.send_confirmation(order_id=order.pk, key=KEY)

    assert mailoutbox == []
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("mail_not_sent", f"the order is {state}")
    ]


def test_what_was_bought_is_seen_in_the_mail_itself(order: Order) -> None:
    """Nobody is asked for a picture, and who reads no HTML has all of the words."""
    stock_shop()
    mail = mail_for(order)
    [picture] = [one for one in mail.pictures if one.cid == "low-tide@halyard"]

    assert 'src="cid:low-tide@halyard"' in mail.html
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) < 15_000
    assert "http://" not in "".join(re.findall(r'<img[^>]*src="([^"]*)"', mail.html))
    for line in order.lines.all():
        assert line.title in mail.text


def test_what_is_no_longer_sold_has_no_picture_and_is_told_all_the_same(order: Order) -> None:
    mail = mail_for(order)

    assert mail.pictures == ()
    assert "Low Tide" in mail.html


def test_what_one_costs_and_the_tax_in_it_are_told(order: Order) -> None:
    mail = mail_for(order)
    two = order.lines.get(quantity=2)

    for body in (mail.text, mail.html):
        assert f"{euros(two.unit_cents)} each" in body
        assert euros(order.tax_cents) in body


def test_a_picture_travels_as_a_part_that_the_text_names(
    order: Order, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    stock_shop()
    send_mail(mail_for(order))
    [sent] = mailoutbox
    parts = [part for part in sent.message().walk() if part.get_content_maintype() == "image"]

    assert "<low-tide@halyard>" in [part["Content-ID"] for part in parts]
    assert {part.get_content_disposition() for part in parts} == {"inline"}
