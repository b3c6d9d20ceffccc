"""The drawings."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from shop.art import OBJECTS, draw, lettering, picture_of
from shop.art.lettering import SERIF
from shop.art.scenes import MOTIFS
from shop.models import Product
from shop.templatetags.shopfront import picture
from tests.rig.racing import ROUNDS

Shop = dict[str, Product]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("thing", [*OBJECTS, "something new"])
def test_every_thing_is_well_formed_whatever_its_title(thing: str) -> None:
    drawing = draw(seed=2, motif="stars", thing=thing, title="<Fog & \"Signal'>", caption="a<b")

    ElementTree.fromstring(drawing)  # noqa: S314 - our own text
    assert len(drawing) < 12_000


@pytest.mark.parametrize("motif", [*MOTIFS, "something new"])
def test_every_motif_is_well_formed(motif: str) -> None:
    ElementTree.fromstring(draw(seed=2, motif=motif, thing="poster", title="A"))  # noqa: S314


def test_no_picture_of_the_catalogue_is_heavy(stocked: Shop) -> None:
    drawn = [picture_of(product) for product in stocked.values()]

    assert max(len(each.svg) for each in drawn) < 13_500
    assert sum(len(each.packed) for each in drawn) < 95_000


def test_lettering_is_outlines_of_our_own_fonts(stocked: Shop) -> None:
    for product in stocked.values():
        assert b"<text" not in picture_of(product).svg, product.slug


def test_a_title_our_fonts_cannot_write_is_left_to_the_reader_s() -> None:
    drawn = lettering.text(0, 0, 12, "Маяк & <b>", "#000")

    [words] = ElementTree.fromstring(f"<svg>{drawn}</svg>").itertext()  # noqa: S314
    assert words == "Маяк & <b>"


@pytest.mark.parametrize("title", ["Mug", "W" * 120, ""])
def test_lettering_is_as_wide_as_there_is_room(title: str) -> None:
    size = lettering.fit(title, width=150, most=13)

    assert size <= 13
    assert lettering.width_of(title) * size <= 150 + 0.05 * lettering.width_of(title)


def test_the_same_seed_is_the_same_drawing_and_another_another() -> None:
    draw.cache_clear()
    first = draw(seed=1, motif="waves", thing="mug", title="Mug")
    draw.cache_clear()

    assert draw(seed=1, motif="waves", thing="mug", title="Mug") == first
    assert draw(seed=7, motif="waves", thing="mug", title="Mug") != first


def test_a_picture_may_be_kept_for_ever_and_is_not_sent_twice(
    stocked: Shop, customer: Client
) -> None:
    address = picture(stocked["harbour-mug"])
    first = customer.get(address)
    with assertNumQueries(0):
        second = customer.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "image/svg+xml"
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    assert second.status_code == 304


@pytest.mark.parametrize("address", ["/art/harbour-mug.svg", "/art/harbour-mug.svg?v=0123456789ab"])
def test_under_any_other_address_it_is_kept_for_an_hour(
    stocked: Shop, customer: Client, address: str
) -> None:
    first = customer.get(address)
    again = customer.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=3600"
    assert again.status_code == 200


@pytest.mark.parametrize("version", ["%0Ax", "0123456789ab%0A", "%22", "", "é"])
def test_a_version_that_cannot_be_one_breaks_nothing(
    stocked: Shop, customer: Client, version: str
) -> None:
    for address in ("/art/hero.svg", "/art/harbour-mug.svg"):
        answer = customer.get(f"{address}?v={version}", headers={"if-none-match": "*"})

        assert answer.status_code in {200, 304}


def test_it_is_packed_for_who_can_unpack_it(stocked: Shop, customer: Client) -> None:
    address = picture(stocked["harbour-mug"])
    plain = customer.get(address)
    packed = customer.get(address, headers={"accept-encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


def test_another_drawing_has_another_address(stocked: Shop) -> None:
    mug = stocked["harbour-mug"]
    before = picture(mug)
    mug.art_seed = 99

    assert picture(mug) != before


def test_threads_that_draw_the_same_text_for_the_first_time_draw_it_alike() -> None:
    words = "Glühende Hafenlichter, Äpfel & Öl: 0123456789 ÅÇÉ"
    known = "".join(word for word in words if ord(word) in lettering.font(SERIF)[1])

    def draw() -> str:
        return lettering.outline(known, em=60, face=SERIF, spacing=0)

    for _ in range(ROUNDS):
        lettering.font.cache_clear()
        lettering.font(SERIF)
        with ThreadPoolExecutor(8) as painters:
            assert len({each.result() for each in [painters.submit(draw) for _ in range(8)]}) == 1
