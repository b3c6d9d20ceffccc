"""What everybody sees: of what is shown alone, with as many questions for one as for many."""

import re
from typing import Any

import pytest
from django.test import Client

from media.models import Asset, Variant
from orders.models import Order
from reviews.models import Review
from reviews.writing import withdraw_review
from shop.models import Product
from tests.reviews.reviewing import a_photo, line_of, made, paid_for, refused, shown, written

pytestmark = pytest.mark.django_db
PAGE = "/products/slow-swell/"


def many(product: Product, count: int, **said: Any) -> None:
    for number in range(count):
        shown(written(paid_for((product, 1)), words=f"Number {number}.", **said))


@pytest.mark.parametrize("decide", [lambda review: review, refused])
def test_what_is_not_shown_is_nowhere(order: Order, client: Client, decide: Any) -> None:
    decide(written(order))
    for address in (PAGE, f"{PAGE}reviews/"):
        page = client.get(address).content.decode()
        assert "smells" not in page
        assert "No review yet" in page


def test_what_waits_is_not_among_those_that_are_shown(
    order: Order, stocked: dict[str, Product], client: Client
) -> None:
    many(stocked["slow-swell"], 1)
    written(order)
    for address in (PAGE, f"{PAGE}reviews/"):
        page = client.get(address).content.decode()
        assert "Number 0." in page
        assert "smells" not in page


def test_what_is_shown_is_on_the_products_page_and_on_no_other(
    order: Order, client: Client
) -> None:
    shown(written(order, words="See https://example.org\n<script>1</script>", name=""))
    page = client.get(PAGE).content.decode()

    assert "See https://example.org<br>&lt;script&gt;" in page
    assert 'href="https://example.org' not in page
    assert "Somebody who bought it" in page
    assert "No review yet" in client.get("/products/lantern/").content.decode()


def test_what_is_withdrawn_is_gone(order: Order, client: Client) -> None:
    shown(written(order))
    withdraw_review(line_id=line_of(order).pk)

    assert b"smells" not in client.get(PAGE).content


def test_it_stays_when_the_order_is_refunded(order: Order, client: Client) -> None:
    shown(written(order))
    Order.objects.update(state="refunded")

    assert b"smells" in client.get(PAGE).content


@pytest.mark.parametrize("stars", [[4], [5, 4, 4], [1, 5]])
def test_the_average_and_the_count_are_told(
    stocked: dict[str, Product], client: Client, stars: list[int]
) -> None:
    for each in stars:
        many(stocked["slow-swell"], 1, stars=each)
    written(paid_for((stocked["slow-swell"], 1)), stars=1)
    page = re.sub("<.*?>", "", client.get(PAGE).content.decode())

    assert f"{sum(stars) / len(stars):.1f} of 5 from {len(stars)} review" in page


def test_the_page_has_the_latest_and_the_rest_page_by_page(
    stocked: dict[str, Product], client: Client
) -> None:
    many(stocked["slow-swell"], 23)
    page = client.get(PAGE).content.decode()
    assert re.findall(r"Number (\d+)\.", page) == ["22", "21", "20", "19", "18"]
    assert f'href="{PAGE}reviews/">All 23 reviews' in page

    for query, numbers in (("", range(22, 2, -1)), ("?page=2", range(2, -1, -1)), ("?page=x", ())):
        found = re.findall(r"Number (\d+)\.", client.get(f"{PAGE}reviews/{query}").content.decode())
        assert not numbers or found == [str(number) for number in numbers]


def test_a_photo_is_seen_once_it_is_decided_about_and_not_before(
    order: Order, client: Client
) -> None:
    review = written(order, a_photo("a"), a_photo("b"))
    first, second = made(review)
    address = f"/pictures/{first.tag}/"
    public = [one for one in addresses(first) if client.get(one).status_code != 404]
    assert not public
    shown(review, first)

    page = client.get(PAGE).content.decode()
    assert address in page
    assert second.tag not in page
    assert [client.get(one).status_code for one in addresses(first)] == [200]
    assert [client.get(one).status_code for one in addresses(second)] == [404]


def addresses(asset: Asset) -> list[str]:
    """Of its smallest JPEG."""
    found = asset.variants.filter(kind=Variant.Kind.PICTURE, format="jpeg").order_by("measure")[:1]
    return [f"/pictures/{asset.tag}/{one.measure}-{one.sha256[:16]}.jpeg" for one in found]


def test_a_refused_review_takes_its_photos_from_everybody(order: Order, client: Client) -> None:
    review = written(order, a_photo())
    photos = made(review)
    shown(review, *photos)
    refused(review)

    assert [client.get(one).status_code for one in addresses(photos[0])] == [404]


def test_many_reviews_with_photos_cost_no_more_questions_than_one(
    stocked: dict[str, Product], client: Client, django_assert_max_num_queries: Any
) -> None:
    review = written(paid_for((stocked["slow-swell"], 1)), a_photo())
    shown(review, *made(review))
    with django_assert_max_num_queries(20) as one:
        client.get(PAGE)
    for _ in range(3):
        more = written(paid_for((stocked["slow-swell"], 1)), a_photo("a"), a_photo("b"))
        shown(more, *made(more))
    with django_assert_max_num_queries(len(one)):
        page = client.get(PAGE).content.decode()

    assert page.count("<picture>") == 7
    asked = [each for each in one.captured_queries if "reviews_review" in each["sql"]]
    assert len(asked) == 3


def test_without_a_review_the_page_asks_one_question_more(
    stocked: dict[str, Product], client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20) as found:
        client.get(PAGE)

    assert len([one for one in found.captured_queries if "reviews_review" in one["sql"]]) == 1


def test_of_what_is_not_on_sale_there_is_no_page_of_reviews(order: Order, client: Client) -> None:
    shown(written(order))
    Product.objects.filter(pk=Review.objects.get().product_id).update(on_sale=False)

    assert client.get(f"{PAGE}reviews/").status_code == 404


def test_staff_see_them_in_the_preview(order: Order, admin_client: Client) -> None:
    review = shown(written(order))
    page = admin_client.get(f"/admin/shop/product/{review.product_id}/preview/").content

    assert b"smells" in page
