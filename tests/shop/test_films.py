"""The film of a product: one at most, and nothing is left of one that goes."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from media.models import Asset
from media.services import receive
from shop import films, gallery
from shop.errors import FilmGone, NoFilm
from shop.films import attach_film
from shop.models import Product, ProductFilm
from tests.media.drawn import photo
from tests.shop.filmed import filmed, sent

pytestmark = pytest.mark.django_db
Commits = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def product(stocked: dict[str, Product]) -> Product:
    return stocked["slow-swell"]


def files(settings: Any) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def test_a_second_film_takes_the_place_of_the_first_and_nothing_is_left_of_that(
    product: Product, settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    first = filmed(product, "first.mp4")
    films.caption_film(film_id=first.pk, captions="WEBVTT\n", language="de")
    with django_capture_on_commit_callbacks(execute=True):
        second = filmed(product, "second.mp4")

    [film] = ProductFilm.objects.all()
    assert (film.product, str(film), film.captions) == (product, "second.mp4", "")
    assert [each.pk for each in Asset.objects.all()] == [second.asset_id]
    assert len(files(settings)) == 1


def test_the_same_film_attached_twice_keeps_its_captions(product: Product) -> None:
    film = filmed(product)
    films.caption_film(film_id=film.pk, captions="WEBVTT\n", language="de")

    assert attach_film(film.asset, product_id=product.pk).captions == "WEBVTT\n"


def test_a_picture_is_no_film(product: Product) -> None:
    with pytest.raises(NoFilm):
        attach_film(receive(photo(60, 40), name="pier.jpg"), product_id=product.pk)


def test_a_film_of_a_product_that_is_deleted_meanwhile_is_refused(product: Product) -> None:
    asset = sent()
    gallery.remove_products([product.pk])

    with pytest.raises(FilmGone):
        attach_film(asset, product_id=product.pk)


def test_a_product_that_is_deleted_takes_its_film_along(
    product: Product, settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    filmed(product)
    with django_capture_on_commit_callbacks(execute=True):
        gallery.remove_products([product.pk])

    assert (Asset.objects.count(), files(settings)) == (0, [])


def test_a_film_that_is_removed_is_gone_with_its_files(
    product: Product, settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    film = filmed(product)
    with django_capture_on_commit_callbacks(execute=True):
        films.remove_film(film_id=film.pk)

    assert (ProductFilm.objects.count(), Asset.objects.count(), files(settings)) == (0, 0, [])


def test_what_is_said_of_a_film_that_was_replaced_meanwhile_does_nothing_to_the_new_one(
    product: Product,
) -> None:
    old = filmed(product, "old.mp4").pk
    filmed(product, "new.mp4")

    with pytest.raises(FilmGone):
        films.remove_film(film_id=old)
    with pytest.raises(FilmGone):
        films.uncaption_film(film_id=old)
    with pytest.raises(FilmGone):
        films.caption_film(film_id=old, captions="x", language="de")
    [film] = ProductFilm.objects.all()
    assert (str(film), film.captions) == ("new.mp4", "")
