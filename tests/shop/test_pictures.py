"""A product's pictures: in an order, shown in a page; without one it has its drawing."""

import io
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from media.errors import NotAccepted
from media.models import Asset
from shop import gallery
from shop.errors import NoRoom
from shop.gallery import add_picture, describe_picture, move_picture, remove_picture
from shop.models import Product
from shop.photos import photo_of
from tests.media.drawn import SVG, box, scans
from tests.media.made import make
from tests.rig.stocking import stock_shop
from tests.shop.pictured import added, names, of, three

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def product() -> Product:
    """One of the catalogue."""
    stock_shop()
    return Product.objects.all()[0]


@pytest.mark.parametrize(
    ("which", "to", "order"),
    [(0, 1, "bac"), (0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (1, 20, "acb"), (2, -1, "cab")],
)
def test_a_picture_is_moved_and_the_others_make_room(
    product: Product, which: int, to: int, order: str
) -> None:
    move_picture(picture_id=three(product)[which].pk, to=to)

    assert names(product) == list(order)
    assert [each.position for each in of(product)] == [0, 1, 2]


def test_one_that_is_removed_takes_its_rows_along(product: Product) -> None:
    first = three(product)[0]
    make(first.asset)
    remove_picture(picture_id=first.pk)

    assert names(product) == ["b", "c"]
    assert of(product)[0].position == 0
    assert not Asset.objects.filter(pk=first.asset_id).exists()


def test_what_is_no_picture_leaves_nothing(product: Product) -> None:
    for file in (io.BytesIO(SVG), box(b"isom"), scans(200)):
        with pytest.raises(NotAccepted):
            add_picture(product_id=product.pk, file=file, name="x.jpg")

    assert not Asset.objects.exists()


def test_there_is_an_end_of_pictures(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "MOST_PICTURES", 1)
    added(product)

    with pytest.raises(NoRoom):
        added(product)
    assert Asset.objects.count() == 1


def test_a_page_has_the_drawing_until_there_is_a_picture(product: Product, client: Client) -> None:
    picture = added(product)
    assert "/art/" in client.get(product.get_absolute_url()).content.decode()
    assert photo_of(product) is None

    make(picture.asset)
    page = client.get(product.get_absolute_url()).content.decode()
    article = page.partition("</article>")[0]
    assert f'alt="Drawing: {product.title}"' not in article
    assert 'width="700" height="350" decoding="async"' in article
    assert f'alt="{product.title}"' in article
    assert picture.asset.placeholder in article
    for name in ("avif", "webp"):
        [source] = [part for part in article.split("<source")[1:] if f'"image/{name}"' in part]
        assert [each in source for each in ("320w", "640w", "700w", "1600w")] == [1, 1, 1, 0]


def test_words_stand_for_it_where_it_is_not_seen(product: Product, client: Client) -> None:
    picture = added(product)
    make(picture.asset)
    describe_picture(picture_id=picture.pk, alternative='A pier, "seen" from the sea')

    page = client.get(product.get_absolute_url()).content.decode()
    assert 'alt="A pier, &quot;seen&quot; from the sea"' in page


@pytest.mark.parametrize("verdict", ["", "review", "refused"])
def test_what_is_not_allowed_is_on_no_page(product: Product, client: Client, verdict: str) -> None:
    make(added(product).asset)
    Asset.objects.update(verdict=verdict)

    for address in ("/", product.get_absolute_url()):
        assert "/pictures/" not in client.get(address).content.decode()


@pytest.mark.parametrize("first", ["refused", "not made"])
def test_where_the_first_is_not_there_the_next_is_shown(
    product: Product, client: Client, first: str
) -> None:
    pictures = three(product)
    for each in pictures[first == "not made" :]:
        make(each.asset)
    if first == "refused":
        Asset.objects.filter(pk=pictures[0].asset_id).update(verdict="refused")

    page = client.get("/").content.decode()
    assert page.count("<picture>") == 1
    assert [each.asset.tag in page for each in pictures] == [False, True, False]
    shown = photo_of(product)
    assert shown is not None
    assert pictures[1].asset.tag in shown.usual


def test_the_catalogue_asks_once_for_all_first_pictures(
    client: Client, product: Product, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for each in Product.objects.all()[:5]:
        make(added(each).asset)
        make(added(each, "second").asset)

    with django_assert_max_num_queries(5):
        page = client.get("/").content.decode()
    assert page.count("<picture>") == 5
