"""A review's film is seen once it was judged and staff have decided, and not before."""

from typing import Any

import pytest
from django.test import Client

from deferral.errors import NotAllowed
from deferral.models import Job
from media.addresses import film_address
from media.films import judging
from media.models import Asset, Upload
from orders.models import Order
from reviews.attaching import attach
from reviews.deciding import show_review
from reviews.models import REVIEW_FILM, Review
from tests.deferral.bench import put
from tests.deferral.staff import sitting
from tests.media.films.filming import run
from tests.media.films.test_film_files import got
from tests.reviews.filming import with_film
from tests.reviews.reviewing import offered, refused, shown, written
from tests.shop.filmed import made_of, sent

pytestmark = pytest.mark.django_db
PAGE = "/products/slow-swell/"


@pytest.fixture
def review(order: Order) -> Review:
    """It waits."""
    return written(order)


def shows(review: Review, *chosen: Asset) -> None:
    """As it is now, with these."""
    review.refresh_from_db()
    photos = [one.tag for one in chosen]
    facts: Any = {"offered": offered(review), "photos": photos, "version": review.version}
    show_review(review_id=review.pk, by="harbour", reason="", **facts)


def address_of(asset: Asset) -> str:
    return film_address(asset.tag, asset.variants.get(measure=480))


def test_the_moderators_ok_is_not_enough(
    review: Review, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Content:
        def check(self, _: object) -> Asset.Verdict:
            return Asset.Verdict.OK

    asset = sent()
    attach(asset=asset, review_id=review.pk)
    made_of(asset, 480, verdict=Asset.Verdict.UNSEEN)
    monkeypatch.setattr(judging, "moderator", Content)
    assert run("media.judge_film", asset).state == "done"

    asset.refresh_from_db()
    assert (asset.verdict, asset.moderated) == ("review", "ok")
    assert got(client, address_of(asset)).status_code == 404
    shows(review, asset)
    assert got(client, address_of(asset)).status_code == 200


def test_it_is_on_the_products_page_with_the_review(review: Review, client: Client) -> None:
    shown(review, with_film(review))
    for page in (PAGE, f"{PAGE}reviews/"):
        found = client.get(page).content.decode()
        assert found.count("<video") == 1
        assert f"Film: 4 of 5: {review.product}" in found
        assert "(min-width: 1200px)" in found


def test_what_staff_leave_out_is_nowhere(review: Review, client: Client) -> None:
    asset = with_film(review)
    shown(review)

    assert "<video" not in client.get(PAGE).content.decode()
    assert client.get(address_of(asset)).status_code == 404
    refused(review)
    shown(review, asset)
    assert "<video" in client.get(PAGE).content.decode()


def test_it_is_not_shown_while_it_is_judged_or_larger_ones_are_made(review: Review) -> None:
    asset = with_film(review)
    put(f"asset_ready:{asset.tag}", state="pending")
    with pytest.raises(NotAllowed, match="still being made"):
        shows(review, asset)

    Job.objects.update(state="done")
    shows(review, asset)
    assert Review.objects.get().state == "shown"


def test_it_is_not_shown_while_a_film_is_on_its_way(review: Review) -> None:
    facts = {"purpose": REVIEW_FILM, "subject": review.tag, "name": "pier.mp4"}
    Upload.objects.create(**facts, size=9, place="", uploaded_by="ada@example.org")
    page = sitting(superuser=True).get(f"/admin/reviews/review/{review.pk}/change/")
    assert "A film is on its way: pier.mp4" in page.content.decode()
    with pytest.raises(NotAllowed, match="is sending a film"):
        shows(review)

    Upload.objects.update(moved_at="2026-01-01T00:00Z")
    shows(review)
    assert Review.objects.get().state == "shown"


@pytest.mark.parametrize(
    ("moderated", "checked"), [("ok", True), ("review", True), ("refused", False)]
)
def test_staff_see_it_and_what_the_program_has_said(
    review: Review, moderated: str, *, checked: bool
) -> None:
    asset = with_film(review, moderated=moderated)
    staff = sitting(superuser=True)
    page = staff.get(f"/admin/reviews/review/{review.pk}/change/").content.decode()

    assert address_of(asset) in page
    assert f"the program says {moderated}" in page
    form = staff.get(f"/admin/reviews/review/{review.pk}/decide/show/").context["form"]
    assert (form.fields["photos"].initial == [asset.tag]) == checked


def test_a_review_of_films_has_no_more_questions_than_one_without(
    review: Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    asset = with_film(review)
    shown(review)
    with django_assert_max_num_queries(40) as without:
        client.get(PAGE)
    refused(review)
    shown(review, asset)
    with django_assert_max_num_queries(len(without) + 2):
        client.get(PAGE)
