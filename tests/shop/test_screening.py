"""The film on a product's page: only what may be seen of it, and as much as is made."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertNumQueries

from deferral.models import Job
from media.addresses import DIGEST
from media.models import Asset
from shop import films
from shop.models import Product, ProductFilm
from shop.screening import captions_address, screening_of
from tests.shop.filmed import filmed, made

pytestmark = pytest.mark.django_db
WORDS = "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning, 海.\n"
TO_COME = "A film of it is being made ready"
HIDDEN = [Asset.Verdict.UNSEEN, Asset.Verdict.REVIEW, Asset.Verdict.REFUSED]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def film(stocked: dict[str, Product]) -> ProductFilm:
    return filmed(stocked["slow-swell"])


def page(customer: Client) -> str:
    return customer.get("/products/slow-swell/").content.decode()


def addresses(html: str) -> list[str]:
    return re.findall(r'"(/(?:films|captions)/[^"]+)"', html)


def opened(customer: Client, address: str) -> int:
    """What is answered, and read to its end."""
    answer: Any = customer.get(address)
    b"".join(answer.streaming_content if answer.streaming else [])
    return int(answer.status_code)


def captioned(film: ProductFilm, words: str = WORDS) -> str:
    films.caption_film(film_id=film.pk, captions=words, language="de")
    film.refresh_from_db()
    return captions_address(film)


def test_each_window_gets_the_size_for_it_and_the_smallest_is_for_all(
    film: ProductFilm, customer: Client
) -> None:
    made(film, 480, 720, 1080, 2160)
    html = page(customer)

    found = re.findall(
        r'<source src="/films/\w+/rendition/(\d+)-\w+\.mp4" type="video/mp4"(.*)>', html
    )
    assert found == [
        ("2160", ' media="(min-width: 2000px)"'),
        ("1080", ' media="(min-width: 1200px)"'),
        ("720", ' media="(min-width: 640px)"'),
        ("480", ""),
    ]
    assert 'width="1920" height="1080"' in html
    assert '"Film: Slow Swell"' in html
    assert all(opened(customer, each) == 200 for each in addresses(html))


def test_one_size_can_be_watched_while_the_others_are_made(
    film: ProductFilm, customer: Client
) -> None:
    made(film, 480)

    assert page(customer).count("<source src") == 1
    assert TO_COME not in page(customer)


def test_a_film_without_its_largest_size_or_its_smallest_is_shown_with_the_rest(
    film: ProductFilm, customer: Client
) -> None:
    made(film, 720, 1080)
    found = screening_of(film.product)

    assert found
    assert [each.media for each in found.sources] == ["(min-width: 1200px)", ""]


@pytest.mark.parametrize("verdict", HIDDEN)
def test_nothing_of_a_film_that_may_not_be_seen_is_shown_or_opened(
    film: ProductFilm, customer: Client, verdict: Asset.Verdict
) -> None:
    made(film, 480)
    words, html = captioned(film), page(customer)
    made(film, verdict=verdict)

    assert "<video" not in page(customer)
    assert addresses(page(customer)) == []
    assert len(addresses(html)) == 4
    assert {opened(customer, each) for each in [words, *addresses(html)]} == {404}


def test_staff_may_open_what_nobody_has_decided_about_and_nobody_keeps_it(
    film: ProductFilm, staff: Client
) -> None:
    made(film, 480, verdict=Asset.Verdict.REVIEW)
    answer = staff.get(captioned(film))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_there_are_words_while_it_is_made_and_none_once_that_has_failed(
    film: ProductFilm, customer: Client
) -> None:
    assert "Film" not in page(customer)
    key, state = f"asset_ready:{film.asset.tag}", Job.State.WAITING
    body = Job.objects.create(key=key, task="media.tell_ready", queue="media", state=state)
    assert TO_COME in page(customer)

    Asset.objects.update(verdict=Asset.Verdict.REVIEW)
    assert TO_COME not in page(customer)
    Asset.objects.update(verdict=Asset.Verdict.UNSEEN)
    Job.objects.filter(pk=body.pk).update(state=Job.State.DONE)
    assert TO_COME not in page(customer)


def test_captions_are_handed_out_as_what_they_are_under_an_address_of_their_own(
    film: ProductFilm, customer: Client
) -> None:
    made(film, 480)
    address = captioned(film)
    track = f'<track kind="captions" src="{address}" srclang="de" label="Deutsch">'
    assert track in page(customer)
    answer = customer.get(address)

    assert answer.content.decode() == WORDS
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert captioned(film, WORDS + "x") != address
    assert customer.get(address).status_code == 404


def test_captions_that_are_taken_away_have_no_track_and_no_address(
    film: ProductFilm, customer: Client
) -> None:
    made(film, 480)
    before = captioned(film)

    assert captioned(film, "") == ""
    assert "<track" not in page(customer)
    assert customer.get(before).status_code == 404
    none = hashlib.md5(b"", usedforsecurity=False).hexdigest()[:DIGEST]
    assert customer.get(f"/captions/{film.asset.tag}-{none}.vtt").status_code == 404


def test_a_film_costs_a_product_two_queries_and_one_without_it_one(
    film: ProductFilm, stocked: dict[str, Product]
) -> None:
    made(film, 480, 720, 1080, 2160)
    swell = stocked["slow-swell"]
    with assertNumQueries(2):
        screening_of(swell)
    with assertNumQueries(1):
        screening_of(stocked["lantern-walk"])


def test_a_page_with_captions_does_not_read_them(film: ProductFilm) -> None:
    made(film, 480)
    address = captioned(film)
    with CaptureQueriesContext(connection) as asked:
        found = screening_of(film.product)

    assert found
    assert found.captions == address
    assert not [query for query in asked if '"captions"' in query["sql"]]


def test_what_is_not_on_sale_is_previewed_with_its_film(film: ProductFilm, staff: Client) -> None:
    made(film, 480)
    Product.objects.update(on_sale=False)
    html = staff.get(f"/admin/shop/product/{film.product_id}/preview/").content.decode()

    assert html.count("<source src") == 1
