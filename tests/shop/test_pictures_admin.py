"""A product's pictures in the admin: added, moved, described, removed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deferral.handlers import job
from deferral.models import Intervention, Job
from media import tasks
from shop.models import Product
from tests.deferral.staff import sitting
from tests.media.drawn import SVG, photo
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
