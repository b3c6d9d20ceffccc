"""The mail server and its inbox, by smtplib and by browser address."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.formatting import clock
from sandbox.settings import read_settings
from tests.rig.running_sandbox import Sandbox, running_sandbox

PIXEL = b"\x89PNG fake"


def message(order: str, to: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = f"Your  order {order}: ✓"
    mail["From"] = "Halyard <shop@halyard.example>"
    mail["To"] = to or f"{order}@example.com"
    mail["Message-ID"] = f"<order_confirmation.{order}@halyard.example>"
    mail.set_content(f"Look: http://127.0.0.1:8000/orders/{order}/?a=1&b=2 <script>")
    mail.add_alternative('<p>Hello<img src="cid:boat"><script>alert(1)</script>', subtype="html")
    html = mail.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.add_related(PIXEL, "image", "png", cid="<boat>", filename="boat.png")
    mail.add_attachment(b"%PDF-1.7", "application", "pdf", filename="receipt é.pdf")
    mail.add_attachment("<script>", "html", filename="page.html")
    return mail


def send(sandbox: Sandbox, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=15) as server:
        server.send_message(mail)


def page(sandbox: Sandbox, path: str) -> requests.Response:
    return requests.get(sandbox.inbox + path, timeout=5)


def test_a_mail_is_taken_whole(sandbox: Sandbox, order: str) -> None:
    send(sandbox, message(order))

    [mail] = sandbox.mails(f"{order}@example.com")
    assert mail["subject"] == f"Your order {order}: ✓"
    assert (mail["from"], mail["deliveries"]) == ("Halyard <shop@halyard.example>", 1)
    assert mail["message_id"] == f"<order_confirmation.{order}@halyard.example>"
    assert mail["attachments"] == [
        {"name": "boat.png", "type": "image/png", "size": len(PIXEL), "inline": True},
        {"name": "receipt é.pdf", "type": "application/pdf", "size": 8},
        {"name": "page.html", "type": "text/html", "size": 10},
    ]
    assert sandbox.entries("mail", order) == [("Your order : ✓", 1, 0, 0)]


def test_a_second_delivery_is_folded_into_the_first(sandbox: Sandbox, order: str) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: send(sandbox, message(order)), range(5)))

    [mail] = sandbox.mails(f"{order}@example.com")
    assert mail["deliveries"] == 5
    assert [row[1:] for row in sandbox.entries("mail", order)] == [(1, 4, 0)]


@pytest.mark.parametrize(("name", "code"), [("bounce", 550), ("Defer", 451), ("bounce+x", 550)])
def test_some_recipients_are_refused(sandbox: Sandbox, order: str, name: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(sandbox, message(order, to=f"{name}@example.com"))

    assert refusal.value.smtp_code == code
    assert [row[1:] for row in sandbox.entries("mail", order)] == [(0, 0, 1)]
    assert sandbox.mails(f"{name}@example.com") == []


def shown(sandbox: Sandbox, order: str) -> tuple[Any, str]:
    send(sandbox, message(order))
    [mail] = sandbox.mails(f"{order}@example.com")
    return mail, f"/messages/{mail['id']}"


@pytest.mark.usefixtures("starts_processes")
def test_the_pages_show_one_zone_which_the_environment_decides(tmp_path: Path, order: str) -> None:
    at = datetime(2026, 7, 1, 12, 30, tzinfo=UTC).isoformat()

    assert ">12:30:00 UTC<" in clock(at, read_settings({}).zone)
    assert ">14:30:00 CEST<" in clock(at, read_settings({"TIME_ZONE": "Europe/Berlin"}).zone)
    with running_sandbox(tmp_path, TIME_ZONE="Asia/Tokyo") as eastern:
        _, path = shown(eastern, order)
        eastern.reserve(order, "key")
        pages = (page(eastern, "/"), page(eastern, path), requests.get(eastern.url, timeout=5))
        assert all(" JST</time>" in one.text for one in pages)


def test_the_html_can_run_nothing(sandbox: Sandbox, order: str) -> None:
    _, path = shown(sandbox, order)

    around, inside = page(sandbox, path), page(sandbox, f"{path}/html")
    assert "<script>" not in around.text
    assert f'<iframe src="{path}/html" title="The message" sandbox="allow-popups' in around.text
    assert "allow-scripts" not in around.text + inside.headers["Content-Security-Policy"]
    assert inside.headers["Content-Security-Policy"].startswith("sandbox ")
    assert f'src="{path}/attachments/0"' in inside.text
    assert f'<a href="{path}/attachments/0">' not in around.text
    assert f'href="http://127.0.0.1:8000/orders/{order}/?a=1&amp;b=2"' in around.text


def test_attachments_come_back_and_html_is_never_shown(sandbox: Sandbox, order: str) -> None:
    _, path = shown(sandbox, order)

    boat, receipt, html = (page(sandbox, f"{path}/attachments/{index}") for index in range(3))
    assert (boat.content, receipt.content) == (PIXEL, b"%PDF-1.7")
    assert receipt.headers["Content-Disposition"] == "inline; filename*=UTF-8''receipt%20%C3%A9.pdf"
    assert html.headers["Content-Type"] == "application/octet-stream"
    assert html.headers["Content-Disposition"].startswith("attachment")
    assert page(sandbox, f"{path}/attachments/3").status_code == 404


def test_the_source_is_kept_byte_for_byte(sandbox: Sandbox, order: str) -> None:
    _, path = shown(sandbox, order)

    raw = page(sandbox, f"{path}/raw")
    assert raw.headers["Content-Type"].startswith("text/plain")
    assert b"Message-ID: <order_confirmation." in raw.content
    assert page(sandbox, "/messages/999999/raw").status_code == 404


def test_the_list_is_searched_by_recipient_and_subject(sandbox: Sandbox, order: str) -> None:
    mail, path = shown(sandbox, order)

    assert path in page(sandbox, f"/?subject={order}").text
    assert path not in page(sandbox, "/?to=nobody@example.com").text
    text = page(sandbox, f"/api/messages/{mail['id']}").json()["text"]
    assert text.startswith("Look: http")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: =?utf-8?q?=ff?=\r\nContent-Type: text/html; charset=nonsense\r\n\r\n\xff",
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n",
        b"From: <<>>\r\nTo: ,;,\r\nMessage-ID: <[a@]>\r\nContent-Disposition: ;\r\n\r\nx",
        b"Subject: \xf0\x9f\x98\x80 \x00 x\r\n\r\n.\r\n..\r\n",
    ],
)
def test_a_malformed_mail_is_taken_and_shown(sandbox: Sandbox, order: str, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as server:
        server.sendmail("a@example.com", [f"{order}@example.com"], raw)

    [mail] = sandbox.mails(f"{order}@example.com")
    for path in ("", "/html", "/raw"):
        assert page(sandbox, f"/messages/{mail['id']}{path}").status_code == 200


def test_whether_a_message_was_accepted_can_be_asked(sandbox: Sandbox, order: str) -> None:
    url = f"{sandbox.inbox}/api/accepted"
    message_id = f"<order_confirmation.{order}@halyard.example>"
    before = requests.get(url, {"message_id": message_id}, timeout=15).json()
    send(sandbox, message(order))

    assert before == {"message_id": message_id, "accepted": False}
    after = requests.get(url, {"message_id": message_id}, timeout=15).json()
    assert after == {"message_id": message_id, "accepted": True}
