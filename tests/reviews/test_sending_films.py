"""A film comes to a review: from whoever may change that, as many and as long as is taken."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from media import upload_views
from media.films.looking import refusal_of
from media.models import Asset, Upload
from media.services import keep_original, record_asset
from media.uploads import local
from media.uploads.purposes import ticket
from orders.models import Order
from reviews.attaching import attach
from reviews.models import REVIEW_FILM, Review
from reviews.writing import withdraw_review
from tests.media.films.filming import film, run
from tests.media.uploads.sending import finish
from tests.reviews.filming import (
    WHOLE,
    begins,
    film_page,
    form_of,
    sends_film,
    sends_part,
    with_film,
)
from tests.reviews.reviewing import a_photo, line_of, refused, shown, written
from tests.shop.filmed import sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def review(order: Order) -> Review:
    """It waits."""
    return written(order)


def test_a_film_is_sent_by_the_orders_link_and_is_the_reviews(
    review: Review, order: Order, customer: Client
) -> None:
    upload = sends_film(customer, order)

    review.refresh_from_db()
    asset = review.film()
    assert asset is not None
    assert (asset.pk, asset.read(), asset.longest) == (upload.asset_id, WHOLE, 180)
    assert (asset.uploaded_by, asset.verdict, review.version) == (order.email, "", 2)
    assert "It is being made" in customer.get(film_page(order)).content.decode()


def test_every_address_of_the_upload_lets_its_sender_in_again(
    review: Review, order: Order, customer: Client
) -> None:
    state = begins(customer, order).json()

    assert customer.get(state["at"]).json()["received"] == 0
    for address in ("at", "cancel", "send_to"):
        bare = state[address].replace(f"token={order.link_token}", "")
        assert Client().post(bare).status_code in {403, 404}
    assert customer.post(state["cancel"]).json()["state"] == "cancelled"


def test_somebody_else_sends_nothing(review: Review, order: Order) -> None:
    somebody = Client()
    assert somebody.get(film_page(order, token=False)).status_code == 404
    said = {"ticket": ticket(REVIEW_FILM, review.tag, back="/"), "name": "x.mp4", "size": 9}

    assert somebody.post("/uploads/", said).status_code == 403
    assert somebody.post("/uploads/?token=guessed", said).status_code == 403
    assert not Upload.objects.exists()


def test_before_a_review_is_written_its_page_asks_for_that(order: Order, customer: Client) -> None:
    answer = customer.get(film_page(order), follow=True)

    assert answer.redirect_chain[-1][0].startswith(f"/orders/{order.number}/review/")
    assert "Once it is sent you can add a film" in answer.content.decode()


@pytest.mark.parametrize("decide", [shown, refused])
def test_once_it_is_decided_about_none_is_sent(
    review: Review, order: Order, customer: Client, decide: Any
) -> None:
    form = form_of(customer, order)
    decide(review)
    said = {"ticket": form.ticket, "name": "x.mp4", "size": 9}

    assert customer.post(form.begin, said).status_code == 403
    assert form_of(customer, order) is None


def test_another_takes_the_place_of_the_first_beside_four_photos(order: Order) -> None:
    review = written(order, *(a_photo(name) for name in "abcd"))
    with_film(review)
    attach(asset=sent("second.mp4"), review_id=review.pk)

    assert [one.name for one in review.assets().filter(kind="film")] == ["second.mp4"]
    assert review.files.count() == 5


def test_what_is_taken_away_leaves_the_review(
    review: Review,
    order: Order,
    customer: Client,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with_film(review)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert customer.post(film_page(order), {"do": "remove"}).status_code == 302

    review.refresh_from_db()
    assert (review.film(), review.version) == (None, 3)
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == []


def test_a_withdrawn_review_has_what_is_on_its_way_discarded(
    review: Review,
    order: Order,
    customer: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    begins(customer, order)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_review(line_id=line_of(order).pk)

    upload = Upload.objects.get()
    assert (upload.state, local.path_of(upload.tag).exists()) == ("cancelled", False)


def test_what_arrives_for_a_review_that_is_decided_about_is_refused_in_words(
    review: Review, order: Order, customer: Client
) -> None:
    state = begins(customer, order).json()
    sends_part(customer, state)
    refused(review)
    upload = Upload.objects.get()
    finish(upload)

    assert upload.said.startswith("We have decided about it meanwhile")
    assert not Asset.objects.exists()


def test_a_larger_one_is_refused_before_a_byte_of_it(
    review: Review, order: Order, customer: Client
) -> None:
    answer = begins(customer, order, size=500_000_001)

    assert (answer.status_code, "may have 500 MB" in answer.json()["said"]) == (413, True)


def test_a_longer_one_is_refused_by_the_first_look(
    review: Review, tmp_path: Path, starts_processes: None
) -> None:
    with film(tmp_path, seconds=181, rate=1, sound=False).open("rb") as file:
        asset = record_asset(keep_original(file, name="long.mp4"), longest=180)
    attach(asset=asset, review_id=review.pk)
    run("media.look_at_film", asset, key=f"look:{asset.tag}")

    asset.refresh_from_db()
    assert (asset.verdict, refusal_of(asset)) == (
        "refused",
        "The film is longer than 3 minutes.",
    )


def test_one_customer_begins_ten_in_a_day_whatever_becomes_of_them(
    review: Review, order: Order, customer: Client
) -> None:
    for number in range(10):
        state = begins(customer, order, name=f"{number}.mp4").json()
        customer.post(state["cancel"])
    answer = begins(customer, order, name="one more.mp4")

    assert (answer.status_code, "in one day" in answer.json()["said"]) == (429, True)
    Upload.objects.update(begun_at="2026-01-01T00:00Z")
    assert begins(customer, order, name="one more.mp4").status_code == 200


def test_while_there_is_too_much_work_none_is_begun(
    review: Review, order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_views, "refuse", lambda queues: 70 if queues == ["media"] else None)
    answer = begins(customer, order)

    assert (answer.status_code, answer["Retry-After"]) == (429, "70")
    assert not Upload.objects.exists()
