"""The mail as it was sent: kept with its job's `done`, shown locked up, forgotten in time."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from celery.exceptions import Ignore, Retry
from django.core.mail.backends.locmem import EmailBackend
from django.db.models.functions import Now

from deferral.ledger import settling
from deferral.models import Job
from notifications.delivery import forget_mails
from notifications.models import SentMail
from orders.models import Order
from reports.models import Document
from tests.deferral.staff import sitting

TASK = "notifications.send_cancellation"
ADMIN = "/admin/notifications/sentmail/"


def sent(**changes: Any) -> SentMail:
    facts: dict[str, Any] = {
        "key": f"mail:{SentMail.objects.count()}",
        "about": "order:H-1",
        "to": "ada@example.org",
        "subject": "Your order H-1",
        "text": "Thank you.",
        "html": '<p style="color:red">Thank <script>alert(1)</script>you.</p>',
    }
    return SentMail.objects.create(**(facts | changes))


def job_for(order: Order, task: str = TASK, **columns: Any) -> Job:
    """A job that has long been due: a test is one moment."""
    facts: dict[str, Any] = {
        "key": f"{task}:{order.pk}",
        "subject": order.subject,
        "task": task,
        "queue": "critical",
        "kwargs": {"order_id": order.pk},
        "next_at": Now() - timedelta(days=1),
    }
    return Job.objects.create(**(facts | columns))


def test_a_sent_mail_is_kept_as_it_was(order: Order, receipt: Document, mailoutbox: Any) -> None:
    job = job_for(order, "notifications.send_confirmation")

    current_app.tasks[job.task](job=job.pk)

    [mail], [kept] = mailoutbox, SentMail.objects.all()
    assert (kept.key, kept.about) == (job.key, order.subject)
    assert (kept.to, kept.subject, kept.text) == (order.email, mail.subject, mail.body)
    assert kept.html == mail.alternatives[0][0]
    assert kept.attachments == [{"filename": "receipt.pdf", "size": len(b"%PDF receipt")}]


def test_what_the_server_refused_was_not_sent(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    job = job_for(order)

    with pytest.raises(Retry):
        current_app.tasks[job.task](job=job.pk)
    assert not SentMail.objects.exists()


def test_a_mail_whose_job_was_taken_over_is_kept_by_the_other(
    order: Order, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "finish", lambda _: False)
    job = job_for(order)

    with pytest.raises(Ignore):
        current_app.tasks[job.task](job=job.pk)
    assert len(mailoutbox) == 1
    assert not SentMail.objects.exists()


def test_a_mail_is_shown_in_a_frame_that_can_do_nothing(db: None) -> None:
    mail, staff = sent(), sitting("view_sentmail")

    page = staff.get(f"{ADMIN}{mail.pk}/change/").content.decode()
    framed = staff.get(f"{ADMIN}{mail.pk}/html/")

    assert f'<iframe class="mail" sandbox title="The mail" src="{ADMIN}{mail.pk}/html/">' in page
    assert "alert(1)" not in page
    assert framed.content.decode() == mail.html
    policy = framed.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(policy)
    assert not any("script-src" in one or "img-src" in one for one in policy)
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in framed.headers["Cache-Control"]


def test_who_may_see_no_mails_sees_none(db: None) -> None:
    mail, service = sent(), sitting("view_order")

    for page in ("", f"{mail.pk}/change/", f"{mail.pk}/html/"):
        assert service.get(f"{ADMIN}{page}").status_code == 403


def test_a_mail_stands_on_its_orders_page_for_who_may_see_it(order: Order) -> None:
    mail = sent(
        about=order.subject, subject="Good news", attachments=[{"filename": "a", "size": 1}]
    )
    page = f"/admin/orders/order/{order.pk}/change/"

    assert f"{ADMIN}{mail.pk}/change/" in sitting(superuser=True).get(page).content.decode()
    assert "Good news" not in sitting("view_order").get(page).content.decode()


def test_mails_are_forgotten_after_90_days(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.delivery.BATCH", 2)
    for days in (89, 91, 92, 93):
        sent(sent_at=Now() - timedelta(days=days))

    assert forget_mails() == 3
    assert SentMail.objects.count() == 1
