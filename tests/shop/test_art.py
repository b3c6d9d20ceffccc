"""The drawings."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from shop.art import OBJECTS, draw
from shop.models import Product

Shop = dict[str, Product]


@pytest.mark.parametrize("thing", [*OBJECTS, "something new"])
def test_every_thing_is_well_formed_whatever_its_title(thing: str) -> None:
    drawing = draw(seed=2, motif="stars", thing=thing, title="<Fog & \"Signal'>", caption="a<b")

    ElementTree.fromstring(drawing)  # noqa: S314 - our own text
    assert len(drawing) < 12_000


def test_the_same_seed_is_the_same_drawing_and_another_another() -> None:
    draw.cache_clear()
    first = draw(seed=1, motif="waves", thing="mug", title="Mug")
    draw.cache_clear()

    assert draw(seed=1, motif="waves", thing="mug", title="Mug") == first
    assert draw(seed=7, motif="waves", thing="mug", title="Mug") != first


def test_a_picture_may_be_kept_and_is_not_sent_twice(stocked: Shop, customer: Client) -> None:
    address = stocked["harbour-mug"].art_url
    first = customer.get(address)
    with assertNumQueries(0):
        second = customer.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "image/svg+xml"
    assert "max-age=604800" in first["Cache-Control"]
    assert second.status_code == 304


def test_another_drawing_has_another_address(stocked: Shop) -> None:
    mug = stocked["harbour-mug"]
    before = mug.art_url
    mug.art_seed = 99

    assert mug.art_url != before
