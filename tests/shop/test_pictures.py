"""A product's pictures: added, in an order, shown in a page; without one it has its drawing."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deferral.handlers import job
from deferral.models import Intervention, Job
from media import tasks
from media.errors import NotAccepted
from media.models import Asset
from shop import gallery
from shop.errors import NoRoom
from shop.gallery import add_picture, describe_picture, move_picture, remove_picture
from shop.models import Product, ProductPicture
from shop.photos import photo_of
from shop.seeding import seed_catalogue
from tests.deferral.staff import sitting
from tests.media.drawn import SVG, box, photo, scans
from tests.media.test_pictures import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def product() -> Product:
    """One of the catalogue."""
    seed_catalogue()
    return Product.objects.all()[0]


def added(product: Product, name: str = "pier.jpg", width: int = 700) -> ProductPicture:
    return add_picture(product_id=product.pk, file=photo(width, 350), name=name)


def of(product: Product) -> list[ProductPicture]:
    return list(ProductPicture.objects.filter(product=product))


def names(product: Product) -> list[str]:
    return [str(each) for each in of(product)]


def three(product: Product) -> list[ProductPicture]:
    return [added(product, name) for name in "abc"]


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


def test_the_catalogue_asks_once_for_all_first_pictures(
    client: Client, product: Product, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for each in Product.objects.all()[:5]:
        make(added(each).asset)
        make(added(each, "second").asset)

    with django_assert_max_num_queries(5):
        page = client.get("/").content.decode()
    assert page.count("<picture>") == 5


def pictures(product: Product) -> str:
    return f"/admin/shop/product/{product.pk}/pictures/"


def sent(staff: Client, product: Product, **said: Any) -> str:
    answer = staff.post(pictures(product), said, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def upload(name: str = "pier.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(700, 350).read() if content is None else content)


def test_staff_add_pictures_and_are_told_of_each(product: Product) -> None:
    staff = sitting(superuser=True)
    page = sent(staff, product, do="add", pictures=[upload(), upload("x.svg", SVG)])

    assert names(product) == ["pier.jpg"]
    assert "Picture added: pier.jpg" in page
    assert ".svg: This is an SVG drawing" in page
    assert "data:image/webp;base64," in page
    assert "Its job is about to be written." in page
    [picture] = of(product)
    assert (picture.asset.verdict, bool(picture.asset.uploaded_by)) == ("ok", True)
    assert Intervention.objects.filter(subject=f"product:{product.sku}").count() == 1


def test_the_page_shows_how_far_it_is_and_what_failed(product: Product) -> None:
    staff, picture = sitting(superuser=True), added(product)
    here = f"{pictures(product)}{picture.pk}/"
    spec = job(tasks.make_picture, key=f"picture:{picture.asset.tag}", tag=picture.asset.tag)
    make(picture.asset)
    Job.objects.filter(key=spec.key).update(
        subject=picture.asset.subject, state="dead", cause="This picture is damaged."
    )
    assert "This picture is damaged." in staff.get(here).content.decode()

    Job.objects.filter(key=spec.key).update(state="done")
    done = staff.get(here).content.decode()
    assert "<picture>" in done
    assert "hx-get" not in done
    Job.objects.filter(key=spec.key).update(state="running")
    moving = staff.get(here).content.decode()
    version = moving.partition("?v=")[2].partition('"')[0]
    assert staff.get(here, {"v": version}).status_code == 204


def test_staff_move_describe_and_remove(product: Product) -> None:
    staff, (first, _, last) = sitting(superuser=True), three(product)
    sent(staff, product, do="move", picture=last.pk, to=0)
    sent(staff, product, do="describe", picture=last.pk, alternative=" The\u00a0pier ")
    sent(staff, product, do="remove", picture=first.pk)

    assert names(product) == ["c", "b"]
    assert of(product)[0].alternative == "The pier"


@pytest.mark.parametrize(
    "said",
    [
        {"do": "move", "picture": "0", "to": "1"},
        {"do": "move", "picture": "x", "to": "1"},
        {"do": "move", "picture": "9" * 30, "to": "1"},
        {"do": "drop", "picture": "{}", "to": "1"},
        {"do": "move", "picture": "{}", "to": "x"},
        {"do": "move", "picture": "{}", "to": "-1"},
        {"do": "describe", "picture": "{}", "alternative": "a\nb"},
        {"do": "add"},
        {},
    ],
)
def test_nonsense_is_refused_in_words(product: Product, said: dict[str, str]) -> None:
    first = three(product)[0]
    said = {name: value.format(first.pk) for name, value in said.items()}
    page = sent(sitting(superuser=True), product, **said)

    assert "messagelist" in page
    assert names(product) == ["a", "b", "c"]


def test_another_products_picture_is_not_touched(product: Product) -> None:
    other = Product.objects.exclude(pk=product.pk)[0]
    picture = added(other)
    sent(sitting(superuser=True), product, do="remove", picture=picture.pk)

    assert names(other) == ["pier.jpg"]


def test_who_may_not_change_products_may_not_change_pictures(product: Product) -> None:
    reader = sitting("view_product")

    assert reader.get(pictures(product)).status_code == 403
    assert reader.post(pictures(product), {"do": "add", "pictures": upload()}).status_code == 403
    assert not names(product)
