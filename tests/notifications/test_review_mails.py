"""Whoever wrote a review is told what was decided about it: once, and what is so."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.relay.expansion import expand_events
from media.models import Asset
from notifications.models import SentMail
from orders.models import Order
from reviews.models import Review
from reviews.writing import withdraw_review
from shop.models import Product
from tests.deferral.bench import put, run
from tests.reviews.filming import with_film
from tests.reviews.reviewing import line_of, paid_for, refused, shown, written
from tests.rig.stocking import stock_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(settings: Settings, tmp_path: Path) -> Order:
    settings.MEDIA_ROOT = tmp_path / "media"
    stock_shop()
    return paid_for((Product.objects.get(slug="slow-swell"), 1))


@pytest.fixture
def review(order: Order) -> Review:
    return written(order)


def told() -> list[str]:
    """The subjects of what is sent for all that was decided."""
    # Events of one subject are expanded one after the other.
    while expand_events():
        pass
    for each in Job.objects.filter(task="notifications.tell_of_review", state="pending"):
        run(each)
    return [str(message.subject) for message in mail.outbox]


def test_it_can_be_read(review: Review, order: Order, settings: Any) -> None:
    shown(review)
    assert told() == ["Your review of Slow Swell can be read"]

    [message] = mail.outbox
    assert message.to == [order.email]
    assert f"{settings.SITE_URL}/products/slow-swell/#reviews" in message.body
    page = f"/orders/{order.number}/review/{line_of(order).pk}/?token={order.link_token}"
    assert f"{settings.SITE_URL}{page}" in message.body
    assert SentMail.objects.get().about == order.subject


@pytest.mark.parametrize(
    ("is_chosen", "said"),
    [(True, "Your film can be watched with it."), (False, "Your film is not shown with it.")],
)
def test_what_became_of_its_film_is_said(review: Review, *, is_chosen: bool, said: str) -> None:
    asset = with_film(review)
    shown(review, *([asset] if is_chosen else []))
    told()

    [message] = mail.outbox
    assert said in message.body


def test_whoever_sent_a_film_is_told_that_it_waits_and_where(
    review: Review, order: Order, settings: Any
) -> None:
    asset = with_film(review)
    Asset.objects.filter(pk=asset.pk).update(uploaded_by=order.email)
    put(f"asset_ready:{asset.tag}", state="done")
    task = {"task": "notifications.tell_of_upload", "queue": "mail"}
    run(put(f"upload_told:{asset.tag}", kwargs={"asset_id": asset.pk}, **task))

    [message] = mail.outbox
    assert (message.to, message.subject) == (
        [order.email],
        "Your film waits for a decision: pier.mp4",
    )
    page = f"/orders/{order.number}/review/{line_of(order).pk}/film/?token={order.link_token}"
    assert f"{settings.SITE_URL}{page}" in message.body


def test_it_is_not_shown_and_why(review: Review) -> None:
    refused(review, "It names a <neighbour> & a child.")
    assert told() == ["Your review of Slow Swell is not shown"]

    [message] = mail.outbox
    assert "It names a <neighbour> & a child." in message.body
    assert "products/" not in message.body
    assert "&lt;neighbour&gt;" in SentMail.objects.get().html


def test_of_two_decisions_before_the_mail_the_last_is_told(review: Review) -> None:
    shown(review)
    refused(review)

    assert told() == ["Your review of Slow Swell is not shown"]


def test_another_decision_later_is_told_as_well(review: Review) -> None:
    shown(review)
    told()
    refused(review)

    assert told() == [
        "Your review of Slow Swell can be read", "Your review of Slow Swell is not shown",
    ]  # fmt: skip


@pytest.mark.parametrize("expanded", [False, True])
def test_nothing_is_told_of_what_was_withdrawn(
    review: Review,
    order: Order,
    expanded: bool,  # noqa: FBT001 - a parameter
) -> None:
    shown(review)
    if expanded:
        expand_events()
    withdraw_review(line_id=line_of(order).pk)

    assert told() == []


def test_a_title_with_braces_is_a_title(review: Review) -> None:
    line_of(review.line.order).__class__.objects.update(title="{0} and {name}")
    shown(review)

    assert told() == ["Your review of {0} and {name} can be read"]
