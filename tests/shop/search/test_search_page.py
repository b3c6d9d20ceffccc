"""The page of the search, what is proposed while somebody types, and what staff are told."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config import limits
from shop.health import check_search
from shop.models import Product, ProductSearch
from tests.rig.stocking import index_shop
from tests.shop.search.test_finding import ODD

Shop = dict[str, Product]


def page(customer: Client, text: str = "", **more: Any) -> str:
    answer = customer.get("/search/", {"q": text, **more})
    assert answer.status_code == 200
    return unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))


def cards(customer: Client, text: str, **more: Any) -> list[str]:
    content = customer.get("/search/", {"q": text, **more}).content.decode()
    return re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", content)


def proposed(customer: Client, text: str) -> str:
    answer = customer.get("/search/suggest/", {"q": text})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_says_what_was_searched_instead(searched: Shop, customer: Client) -> None:
    said = page(customer, "lantren")

    assert "Showing results for lantern instead of “lantren”." in said
    assert "Storm lantern" in said


def test_it_says_what_was_left_out_and_that_only_some_words_fit(
    searched: Shop, customer: Client
) -> None:
    assert "Nothing here has “xylophonist”" in page(customer, "lantern xylophonist")
    assert "Nothing has all of these words." in page(customer, "lantern mug")


def test_where_nothing_is_found_it_helps(searched: Shop, customer: Client) -> None:
    said = page(customer, "xylophonist")

    assert "Nothing for “xylophonist”" in said
    assert "Meanwhile, in the shop" in said
    narrowed = page(customer, "lantern", category="download")
    assert "Search everywhere" in narrowed


def test_without_a_word_it_asks_for_one(searched: Shop, customer: Client) -> None:
    for nothing in ("", "   ", "\u200b"):
        assert "What are you looking for?" in page(customer, nothing)


def test_it_is_narrowed_by_kind_price_and_stock(searched: Shop, customer: Client) -> None:
    assert cards(customer, "lantern", category="ticket") == ["Lantern Walk"]
    Product.objects.filter(slug="lantern").update(available=0)
    assert "Storm lantern" in cards(customer, "lantern")
    assert "Sold out" in page(customer, "lantern", category="home")
    assert "Storm lantern" not in cards(customer, "lantern", in_stock="on")
    price = searched["lantern-walk"].price_cents / 100
    assert "Lantern Walk" in cards(customer, "lantern", dearest=f"{price:.2f}".replace(".", ","))
    dearest = f"{price - 0.01:.2f}"
    assert "Nothing for “lantern”" in page(customer, "lantern", category="ticket", dearest=dearest)


def test_a_price_that_is_none_is_said_and_narrows_nothing(searched: Shop, customer: Client) -> None:
    assert "Write a price in euros" in page(customer, "lantern", cheapest="much")
    odd = {"cheapest": "much", "category": "car", "order": "x", "page": "x"}
    assert cards(customer, "lantern", **odd) == cards(customer, "lantern")


def test_pages_lead_on_and_keep_what_was_chosen(searched: Shop, customer: Client) -> None:
    Product.objects.all().update(subtitle="Quayside")
    index_shop()
    first = customer.get("/search/", {"q": "quayside", "order": "cheap"}).content.decode()
    [after] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = customer.get(unescape(after)).content.decode()

    assert "40 for" in first
    assert (first.count('class="card"'), second.count('class="card"')) == (24, 16)
    assert "Page 2 of 2" in second
    assert "order=cheap" in after


# A browser cannot send the one, and the other is refused before anything reads it.
@pytest.mark.parametrize("kind", ODD.keys() - {"half a pair", "nul"})
def test_no_search_breaks_a_page(searched: Shop, customer: Client, kind: str) -> None:
    page(customer, ODD[kind])
    proposed(customer, ODD[kind])


def test_what_was_typed_is_text_on_the_page(searched: Shop, customer: Client) -> None:
    content = customer.get("/search/", {"q": '"><script>x</script>'}).content.decode()

    assert "<script>x" not in content


def test_the_old_address_of_a_search_leads_to_it(searched: Shop, customer: Client) -> None:
    answer = customer.get("/", {"q": "lantern walk", "category": "ticket"})

    assert answer.headers["Location"] == "/search/?q=lantern+walk&category=ticket"


def test_a_few_are_proposed_from_two_characters_on(searched: Shop, customer: Client) -> None:
    assert proposed(customer, "l").strip() == ""
    assert "/products/lantern-walk/" in proposed(customer, "lant")
    assert "instead of “<bdi>mugg</bdi>”" in proposed(customer, "mugg")
    assert proposed(customer, "harbour").count("<li>") <= 7
    assert proposed(customer, "xylophon").strip() == ""


@pytest.mark.parametrize("typed", ["mugg", "harbour xylophon", "lantern oyster", "mugg xylophon"])
def test_what_is_proposed_says_what_the_page_says(
    searched: Shop, customer: Client, typed: str
) -> None:
    said = re.compile(r"(Showing results for|Nothing here has|Nothing has all).*")
    found = unescape(re.sub(r"<[^>]+>", "", proposed(customer, typed)))

    assert [one[0] for one in said.finditer(found)]
    assert [one[0] for one in said.finditer(page(customer, typed))] == [
        one[0] for one in said.finditer(found)
    ]


def test_a_page_costs_the_same_whatever_is_found(
    searched: Shop, customer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Savepoint, settings, search, its end, products, their pictures."""
    for text in ("harbour", "lantern walk"):
        with django_assert_max_num_queries(6):
            page(customer, text)


def test_who_searches_without_end_is_asked_to_wait(
    searched: Shop, customer: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    few = tuple(
        limits.Limit(name=one.name, most=2, per=60, concerns=one.concerns) for one in limits.LIMITS
    )
    monkeypatch.setattr(limits, "LIMITS", few)
    for address in ("/search/?q=x", "/search/suggest/?q=xy"):
        assert [customer.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_staff_are_told_how_far_the_search_is_behind(searched: Shop, staff: Client) -> None:
    said = staff.get("/admin/shop/product/").content.decode()
    assert "search is behind" not in said
    Product.objects.filter(slug__in=["low-tide", "slow-swell"]).update(title="X")

    assert (
        "The search is behind by 2 products" in staff.get("/admin/shop/product/").content.decode()
    )


def test_the_doctor_says_whether_somebody_will_catch_up(searched: Shop) -> None:
    [well] = check_search()
    ProductSearch.objects.filter(product_id=searched["low-tide"].pk).delete()
    [ill] = check_search()

    assert (well.well, well.detail) == (True, "knows all products as they are (40)")
    assert not ill.well
    assert ill.detail.startswith("behind by 1 product; jobs under way: 0; the hourly sweep")
