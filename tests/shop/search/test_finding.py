"""What was meant is found: by forms, by beginnings, without accents, mistyped."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from shop.models import Product
from shop.search import bounds
from shop.search.bounds import bounded
from shop.search.finding import Found, find
from shop.search.wanted import LONGEST_WORD, MOST_CHARACTERS, MOST_WORDS, Wanted, clean, words_of
from tests.rig.stocking import index_shop

Shop = dict[str, Product]


def titles(found: Found) -> list[str]:
    products = Product.objects.in_bulk(found.ids)
    return [products[pk].title for pk in found.ids]


def asked(text: str, **more: Any) -> Found:
    return find(Wanted(text=clean(text), **more))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lantern walk", "Lantern Walk"),
        ("lighthous", "Coast Path North"),
        ("oysters", "Oyster knife"),
        ("oysterca", "Low Tide"),
        ("forest kelp", "Kelp Forest"),
        ("reyes, 6", "Point Reyes, 6 a.m."),
        ("LANTERN", "Lantern Walk"),
        ('"lantern walk"', "Lantern Walk"),
        ("the lantern walk", "Lantern Walk"),
    ],
)
def test_words_are_found_in_any_form_and_by_their_beginnings(
    searched: Shop, text: str, first: str
) -> None:
    found = asked(text)

    assert titles(found)[0] == first
    assert not found.is_corrected


@pytest.mark.parametrize(
    ("text", "meant", "title"),
    [
        ("mugg", "mug", "Harbour mug"),
        ("lantren", "lantern", "Storm lantern"),
        ("harbor", "harbour", "Harbour mug"),
        ("Harbor mugg", "harbour mug", "Harbour mug"),
    ],
)
def test_what_is_mistyped_is_found_and_it_is_said(
    searched: Shop, text: str, meant: str, title: str
) -> None:
    found = asked(text)

    assert (found.text, found.is_corrected) == (meant, True)
    assert title in titles(found)


def test_two_words_that_no_product_has_together_find_what_has_one(searched: Shop) -> None:
    found = asked("lantren mugg")

    assert (found.text, found.is_partly) == ("lantern mug", True)
    assert {"Storm lantern", "Harbour mug"} <= set(titles(found))


def test_a_word_that_nothing_has_is_left_out_and_named(searched: Shop) -> None:
    found = asked("lantern xylophonist")

    assert found.unknown == ("xylophonist",)
    assert titles(found)[0] == "Lantern Walk"


def test_a_word_that_something_has_is_never_corrected(searched: Shop) -> None:
    """Also where it is in nothing that the filters leave."""
    found = asked("lantern", category="download")

    assert (found.count, found.is_corrected) == (0, False)


def test_a_minus_leaves_out_what_has_a_word(searched: Shop) -> None:
    assert "Lantern Walk" not in titles(asked("lantern -walk"))
    assert asked("lantern -walk").count == asked("lantern").count - 1


def test_accents_are_not_needed(searched: Shop) -> None:
    Product.objects.filter(slug="low-tide").update(title="Crème de la mer, Küste")
    index_shop()

    for typed in ("creme", "CRÈME", "kuste", "Ku\u0308ste", "crem mer"):
        assert titles(asked(typed)) == ["Crème de la mer, Küste"], typed
    assert asked("kusta").text == "kuste"


def test_what_is_off_sale_is_neither_found_nor_proposed_at_once(searched: Shop) -> None:
    """Before any job has been by: the row of the search is as it was."""
    secret = Product.objects.create(
        sku="S",
        slug="s",
        category="home",
        title="Zanzibarium",
        price_cents=100,
        supplier="warehouse",
    )
    index_shop()
    assert asked("zanzibarum").text == "zanzibarium"
    Product.objects.filter(pk=secret.pk).update(on_sale=False)

    assert asked("zanzibarium").count == 0
    assert asked("zanzibarum").text == ""


def test_prices_and_what_is_left_are_those_of_now(searched: Shop) -> None:
    """Stock is no change of a product: nothing is indexed for it."""
    mug = searched["harbour-mug"]
    Product.objects.filter(pk=mug.pk).update(price_cents=1)
    assert titles(asked("mug", dearest=1)) == ["Harbour mug"]

    Product.objects.filter(pk=mug.pk).update(available=0)
    assert "Harbour mug" not in titles(asked("mug", in_stock=True))
    assert "Harbour mug" in titles(asked("mug"))


def test_an_evening_that_is_over_is_not_in_stock(searched: Shop) -> None:
    Product.objects.filter(slug="lantern-walk").update(event_at=timezone.now() - timedelta(hours=1))

    assert "Lantern Walk" not in titles(asked("lantern walk", in_stock=True))


@pytest.mark.parametrize(("order", "falls"), [("cheap", False), ("dear", True)])
def test_results_are_put_in_order_of_their_prices(
    searched: Shop, order: Any, *, falls: bool
) -> None:
    found = Product.objects.in_bulk(asked("harbour", order=order).ids)
    prices = [found[pk].price_cents for pk in asked("harbour", order=order).ids]

    assert prices == sorted(prices, reverse=falls)
    assert len(prices) > 2


def test_the_newest_come_first_where_that_is_asked(searched: Shop) -> None:
    newest = asked("harbour", order="new").ids

    assert newest == sorted(newest, reverse=True)


def test_a_title_counts_more_than_a_description(searched: Shop) -> None:
    Product.objects.filter(slug="low-tide").update(description="compass " * 10)
    Product.objects.filter(slug="slow-swell").update(title="Compass")
    index_shop()

    assert titles(asked("compass"))[0] == "Compass"


def test_pages_are_bounded_and_one_too_far_is_the_first(searched: Shop) -> None:
    every = find(Wanted(text="a e"), size=2, most=5)
    assert every == Found(text="a e", unknown=every.unknown)
    first = find(Wanted(text="harbour"), size=2, most=3)
    second = find(Wanted(text="harbour", page=2), size=2, most=3)

    assert (first.count, first.is_more) == (3, True)
    assert not set(first.ids) & set(second.ids)
    assert find(Wanted(text="harbour", page=40), size=2, most=3).ids == first.ids


ODD = {
    "nul": "lan\x00tern",
    "ten kilobytes": "lantern " * 1_250,
    "one long word": "x" * 10_000,
    "a hundred words": " ".join(f"word{n}" for n in range(100)),
    "right to left": "\u202elantern \u0641\u0627\u0646\u0648\u0633 \u05e4\u05e0\u05e1",
    "marks": "l" + "\u0301" * 5_000,
    "half a pair": "\ud800lantern",
    "signs": "& | ! ' ( ) :* <-> \\ % _ \" -",
    "a quote in it": "d'art \u0149 l'\u00bd",
    "emoji": "😀😀",
    "stop words": "the of and",
    "digits": "12 \u00bd \u0663",
}


@pytest.mark.parametrize("kind", ODD)
def test_whatever_is_typed_is_bounded_and_answered(searched: Shop, kind: str) -> None:
    text = clean(ODD[kind])

    assert len(text) <= MOST_CHARACTERS
    assert len(words_of(text)) <= MOST_WORDS
    assert asked(ODD[kind]).count <= 40


def test_a_search_that_takes_too_long_is_ended(
    searched: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LONGEST", "20ms")
    with pytest.raises(OperationalError, match="timeout"), bounded(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


def test_a_long_word_that_nothing_has_is_left_out_like_any_other(searched: Shop) -> None:
    found = asked("mug " + "x" * (LONGEST_WORD + 20))

    assert found.count
    assert (found.text, found.unknown, found.is_partly) == ("mug", ("x" * LONGEST_WORD,), False)
