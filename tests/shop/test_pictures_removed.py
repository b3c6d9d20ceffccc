"""What is taken away is gone: rows and files, at once, whoever else is at it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from deferral.errors import Retry
from media import places, sweeping
from media.models import Asset
from media.services import keep_original
from shop import gallery
from shop.admin import pictures as page
from shop.errors import PictureGone
from shop.models import Product, ProductPicture
from tests.deferral.staff import sitting
from tests.media.made import make
from tests.rig.stocking import stock_shop
from tests.shop.pictured import added, names

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def product() -> Product:
    """One of the catalogue, with two pictures, one of them made."""
    stock_shop()
    found = Product.objects.all()[0]
    make(added(found, "a").asset)
    added(found, "b")
    return found


def files(settings: Any) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def posted(address: str, **said: Any) -> None:
    answer = sitting(superuser=True).post(address, {"post": "yes", **said})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_a_picture_that_is_removed_takes_its_files_along_at_once(
    product: Product,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert len(files(settings)) == 14
    first = product.pictures.all()[0]
    with django_capture_on_commit_callbacks(execute=True):
        gallery.remove_picture(picture_id=first.pk)

    assert [path.suffix for path in files(settings)] == [".jpeg"]


def test_where_the_storage_is_away_the_sweep_deletes_the_files(
    product: Product,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def away(_: str) -> None:
        raise Retry("away")

    monkeypatch.setattr(places.place("local"), "remove", away)
    with django_capture_on_commit_callbacks(execute=True):
        gallery.remove_products([product.pk])
    monkeypatch.undo()
    monkeypatch.setattr(sweeping, "KEPT", -sweeping.KEPT)

    assert sweeping.sweep_files("local", lambda _: None) == 14


@pytest.mark.parametrize("by_list", [False, True])
def test_a_product_that_is_deleted_takes_its_pictures_along(
    product: Product,
    settings: Any,
    by_list: bool,  # noqa: FBT001 - a parameter
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        if by_list:
            said = {"action": "delete_selected", "_selected_action": [product.pk]}
            posted("/admin/shop/product/", **said)
        else:
            posted(f"/admin/shop/product/{product.pk}/delete/")

    assert not Product.objects.filter(pk=product.pk).exists()
    assert (Asset.objects.count(), files(settings)) == (0, [])


@pytest.mark.parametrize(
    "verb",
    [
        lambda pk: gallery.move_picture(picture_id=pk, to=0),
        lambda pk: gallery.describe_picture(picture_id=pk, alternative="x"),
        lambda pk: gallery.remove_picture(picture_id=pk),
    ],
)
def test_what_a_colleague_has_removed_is_said_to_be_gone(
    product: Product, verb: Callable[[int], None]
) -> None:
    gone = added(product, "gone")
    gallery.remove_picture(picture_id=gone.pk)

    with pytest.raises(PictureGone):
        verb(gone.pk)
    assert names(product) == ["a", "b"]


def test_one_that_goes_while_the_page_is_asked_is_answered_in_words(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, service, told = page.VERBS["move"]

    def quicker(*, picture_id: int, to: int) -> None:
        gallery.remove_picture(picture_id=picture_id)
        service(picture_id=picture_id, to=to)

    monkeypatch.setitem(page.VERBS, "move", (form, quicker, told))
    picture = product.pictures.all()[0]
    address = f"/admin/shop/product/{product.pk}/pictures/"
    said = {"do": "move", "picture": picture.pk, "to": 1}
    answer = sitting(superuser=True).post(address, said, follow=True)

    assert "A: That picture is not there any more." in answer.content.decode()


def test_a_picture_for_a_product_that_was_deleted_meanwhile_leaves_no_row_and_no_file(
    product: Product, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(settings)

    def slowly(*given: Any, **named: Any) -> Any:
        gallery.remove_products([product.pk])
        return keep_original(*given, **named)

    monkeypatch.setattr("media.originals.keep_original", slowly)
    with pytest.raises(PictureGone):
        added(product)
    assert not Asset.objects.exists()
    assert not ProductPicture.objects.exists()
    assert files(settings) == before
