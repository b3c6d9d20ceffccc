"""The film of a product in the admin: how far it is, its captions, and taking it away."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deferral.models import Intervention, Job
from media.models import Asset
from shop.models import Product, ProductFilm
from tests.shop.filmed import filmed, made

pytestmark = pytest.mark.django_db
WORDS = "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning.\n"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def film(stocked: dict[str, Product]) -> ProductFilm:
    found = filmed(stocked["slow-swell"])
    made(found, 480)
    return found


def address(film: ProductFilm) -> str:
    return f"/admin/shop/product/{film.product_id}/film/"


def did(staff: Client, film: ProductFilm, verb: str, **said: Any) -> str:
    """The page that follows."""
    asked = {"do": verb, "film": film.pk, **said}
    return staff.post(address(film), asked, follow=True).content.decode()


def captions(words: str = WORDS) -> SimpleUploadedFile:
    return SimpleUploadedFile("words.vtt", words.encode())


def test_a_product_without_a_film_says_so(staff: Client, stocked: dict[str, Product]) -> None:
    page = staff.get(f"/admin/shop/product/{stocked['lantern-walk'].pk}/film/")

    assert "It has no film yet." in page.content.decode()


def test_the_page_has_each_size_and_the_one_that_could_not_be_made(
    staff: Client, film: ProductFilm
) -> None:
    facts = {"subject": film.asset.subject, "task": "media.make_rendition", "queue": "media"}
    dead = {"state": Job.State.DEAD, "cause": "ffmpeg fails", "kwargs": {"size": 2160}}
    Job.objects.create(key="a", **facts, **dead)
    html = staff.get(address(film)).content.decode()

    assert html.index("2160p") < html.index("ffmpeg fails")
    assert f'hx-get="{address(film)}made/?v=' in html
    assert "rendition/480-" in staff.get(f"{address(film)}made/").content.decode()


def test_captions_are_kept_replaced_and_taken_away(staff: Client, film: ProductFilm) -> None:
    told = did(staff, film, "caption", language="de", captions=captions())
    assert "Captions kept: harbour.mp4" in told
    assert "German (de)</a> are shown with it" in told
    film.refresh_from_db()
    assert (film.captions, film.language) == (WORDS, "de")

    assert "Captions taken away: harbour.mp4" in did(staff, film, "uncaption")
    film.refresh_from_db()
    assert film.captions == ""
    assert [each.reason for each in Intervention.objects.order_by("id")] == [
        "Captions kept: harbour.mp4",
        "Captions taken away: harbour.mp4",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (WORDS.replace(".000 -->", ",000 -->"), "Line 3: Times have a point"),
        (WORDS.replace("00:0", "09:0"), "Line 3: It begins after the end of the film"),
        ("", "The submitted file is empty."),
    ],
)
def test_a_bad_file_is_answered_with_its_line_and_the_captions_stay(
    staff: Client, film: ProductFilm, words: str, said: str
) -> None:
    did(staff, film, "caption", language="de", captions=captions())

    assert said in did(staff, film, "caption", language="fr", captions=captions(words))
    assert "Select a valid choice" in did(
        staff, film, "caption", language="xx", captions=captions()
    )
    film.refresh_from_db()
    assert (film.captions, film.language) == (WORDS, "de")


def test_a_film_is_removed_and_the_same_button_once_more_says_that_it_is_gone(
    staff: Client, film: ProductFilm
) -> None:
    assert "Film removed: harbour.mp4" in did(staff, film, "remove")
    assert not Asset.objects.exists()
    assert "That film, or its product, is not there any more." in did(staff, film, "remove")


@pytest.mark.parametrize("verb", ["remove", "uncaption", "caption"])
def test_a_page_that_shows_a_replaced_film_does_nothing_to_the_new_one(
    staff: Client, film: ProductFilm, verb: str
) -> None:
    new = filmed(film.product, "new.mp4")
    told = did(staff, film, verb, language="de", captions=captions())

    assert "That film, or its product, is not there any more." in told
    assert [str(each) for each in ProductFilm.objects.filter(captions="")] == [str(new)]


@pytest.mark.parametrize("verb", ["", "destroy"])
def test_what_no_button_asks_for_does_nothing(staff: Client, film: ProductFilm, verb: str) -> None:
    assert "not there any more" in did(staff, film, verb)
    assert ProductFilm.objects.exists()


def test_nobody_else_sees_how_far_it_is(customer: Client, film: ProductFilm) -> None:
    assert customer.get(f"{address(film)}made/").status_code == 403
    assert customer.get(address(film)).status_code == 302
