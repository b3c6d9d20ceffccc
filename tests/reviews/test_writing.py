"""A review is written once for each line, changed until it is decided, withdrawn at any time."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models import ProtectedError
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.models import AuditEntry
from media.models import Asset
from media.services import record_asset
from orders.models import Order
from reviews.attaching import attach
from reviews.errors import AlreadyDecided, ChangedMeanwhile, ReviewNotTaken, TooManyPhotos
from reviews.models import Review
from reviews.writing import withdraw_review
from shop.gallery import remove_products
from tests.reviews.reviewing import a_photo, line_of, made, paid_for, refused, shown, written
from tests.rig.racing import ROUNDS, at_once

pytestmark = pytest.mark.django_db


def files(settings: Any) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def test_the_button_pressed_twice_writes_it_once(order: Order) -> None:
    first = written(order, a_photo())
    again = written(order, a_photo())

    assert (again, again.version, Asset.objects.count()) == (first, 1, 1)


def test_of_two_tabs_the_second_is_told(order: Order) -> None:
    written(order)
    with pytest.raises(ChangedMeanwhile):
        written(order, words="Quite another thing.")
    written(order, words="Changed.", version=1)
    with pytest.raises(ChangedMeanwhile):
        written(order, words="Changed as well.", version=1)

    assert Review.objects.get().words == "Changed."


@pytest.mark.parametrize("decide", [shown, refused])
def test_what_is_decided_is_not_changed_any_more(order: Order, decide: Any) -> None:
    review = decide(written(order))
    for version in (1, review.version):
        with pytest.raises(AlreadyDecided):
            written(order, words="Changed.", version=version)
    with pytest.raises(AlreadyDecided):
        attach(asset=record_asset(a_photo()), review_id=review.pk)


def test_photos_are_dropped_and_added_up_to_four(order: Order) -> None:
    review = written(order, a_photo("a"), a_photo("b"))
    first = review.assets().order_by("pk")[0]
    written(order, a_photo("c"), a_photo("d"), a_photo("e"), version=1, dropped=[first.tag])
    assert [str(one) for one in review.files.all()] == ["b", "c", "d", "e"]

    with pytest.raises(TooManyPhotos):
        written(order, a_photo("f"), version=2)
    with pytest.raises(TooManyPhotos):
        attach(asset=record_asset(a_photo()), review_id=review.pk)
    assert review.files.count() == 4


def test_only_its_own_photos_are_dropped(order: Order) -> None:
    other = record_asset(a_photo("theirs"))
    written(order, a_photo("mine"))
    written(order, version=1, dropped=[other.tag])

    assert Asset.objects.count() == 2


def test_what_comes_by_another_way_is_a_change_as_any_other(order: Order) -> None:
    review = written(order)
    attach(asset=record_asset(a_photo("film")), review_id=review.pk)

    review.refresh_from_db()
    assert (review.version, review.files.count()) == (2, 1)


@pytest.mark.parametrize("decide", [lambda review: review, shown, refused])
def test_a_withdrawn_review_leaves_nothing_and_another_may_be_written(
    order: Order,
    decide: Any,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    review = written(order, a_photo(), a_photo("b"))
    made(review)
    decide(review)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_review(line_id=line_of(order).pk)
        withdraw_review(line_id=line_of(order).pk)

    assert (Review.objects.count(), Asset.objects.count(), files(settings)) == (0, 0, [])
    entry = AuditEntry.objects.get(action="review_withdrawn")
    assert (entry.subject, entry.actor) == (order.subject, "customer")
    assert written(order, words="Another.").tag != review.tag


def test_what_has_a_review_cannot_be_deleted(order: Order, stocked: Any) -> None:
    """A product with one is kept also where nothing else keeps it."""
    written(order)
    product = stocked["slow-swell"]
    order.reservations.all().delete()
    with pytest.raises(ProtectedError):
        remove_products([product.pk])
    with pytest.raises(ProtectedError):
        line_of(order).delete()


def test_nothing_is_written_about_what_is_not_paid_for(stocked: Any) -> None:
    order = paid_for((stocked["slow-swell"], 1))
    Order.objects.update(state="cancelled")
    with pytest.raises(ReviewNotTaken, match="Only what was paid for"):
        written(order)


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_once_are_one_review(stocked: Any) -> None:
    for _ in range(ROUNDS):
        order = paid_for((stocked["slow-swell"], 1))
        found = at_once(partial(written, order), partial(written, order, words="Another."))

        assert sorted(type(one).__name__ for one in found) == ["ChangedMeanwhile", "Review"]
