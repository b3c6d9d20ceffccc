"""Staff send a film of a product: over HTTP, as the page's script does it, and without a script."""

import re
from typing import Any
from zlib import crc32

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from media.models import Asset, Upload
from media.uploads.purposes import ticket
from shop.models import Product, ProductFilm
from tests.deferral.staff import sitting
from tests.media.uploads.sending import content, finish
from tests.rig.stocking import stock_shop

pytestmark = pytest.mark.django_db

WHOLE = content()


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def product() -> Product:
    """One of the catalogue."""
    stock_shop()
    return Product.objects.all()[0]


def page(product: Product) -> str:
    return f"/admin/shop/product/{product.pk}/film/send/"


def ticket_of(staff: Client, product: Product) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', staff.get(page(product)).content.decode())
    assert found
    return found[1]


def begin(staff: Client, product: Product, **changes: Any) -> Any:
    said = {"ticket": ticket_of(staff, product), "name": "pier.mp4", "size": len(WHOLE)}
    return staff.post("/uploads/", said | changes)


def part(staff: Client, state: dict[str, Any], start: int, end: int, **headers: Any) -> Any:
    about = {"Upload-Offset": start, "Upload-Crc": crc32(WHOLE[:end])} | headers
    said = {name: str(value) for name, value in about.items()}
    kind = "application/octet-stream"
    return staff.post(state["send_to"], WHOLE[start:end], content_type=kind, headers=said)


def test_a_film_is_sent_in_parts_and_is_the_products(product: Product) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()
    assert part(staff, state, 0, 2_000).json()["received"] == 2_000
    assert part(staff, state, 0, 2_000).status_code == 409
    again = begin(staff, product).json()
    assert (again["at"], again["received"], again["crc"]) == (
        state["at"],
        2_000,
        crc32(WHOLE[:2_000]),
    )
    assert part(staff, again, 2_000, 3_000).json()["state"] == "whole"
    finish(Upload.objects.get())

    assert staff.get(state["at"]).json()["state"] == "done"
    film = ProductFilm.objects.get(product=product)
    assert film.asset.read() == WHOLE
    assert "it is here" in staff.get(page(product)).content.decode()


@pytest.mark.parametrize("again", ["looked at", "begun"])
def test_a_page_whose_line_broke_is_told_that_the_bucket_has_it(
    bucket: Any, product: Product, again: str
) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()
    name = state["form"]["fields"]["key"]
    bucket.put_object(Bucket=bucket.bucket, Key=name, Body=WHOLE)

    told = staff.get(state["at"]) if again == "looked at" else begin(staff, product)
    assert told.json()["state"] == "whole"


def test_a_deleted_products_film_is_refused_in_words(product: Product) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()
    part(staff, state, 0, 3_000)
    product.delete()
    upload = Upload.objects.get()
    finish(upload)

    assert upload.said == "That film, or its product, is not there any more."
    assert not Asset.objects.exists()


def test_who_may_not_change_products_sends_nothing(product: Product) -> None:
    reader, staff = sitting("view_product"), sitting(superuser=True)
    state = begin(staff, product).json()
    said = {"ticket": ticket_of(staff, product), "name": "x", "size": 5}

    assert reader.get(page(product)).status_code == 403
    for client in (reader, Client()):
        assert client.post("/uploads/", said).status_code == 403
        assert part(client, state, 0, 3_000).status_code == 403
        assert client.post(state["cancel"]).status_code == 404
    assert Upload.objects.get().received == 0


def test_who_may_send_nothing_any_more_can_discard_what_is_theirs(product: Product) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()
    get_user_model().objects.update(is_superuser=False)
    assert part(staff, state, 0, 2_000).status_code == 403

    assert staff.post(state["cancel"]).json()["state"] == "cancelled"


def test_another_persons_upload_is_not_there(product: Product) -> None:
    state = begin(sitting(superuser=True), product).json()
    other = sitting(superuser=True)

    assert other.get(state["at"]).status_code == 404
    assert part(other, state, 0, 3_000).status_code == 404
    assert begin(other, product).json()["at"] != state["at"]


@pytest.mark.parametrize(
    "changes",
    [
        {"ticket": "x"},
        {"ticket": ticket("nothing", "1", back="/")},
        {"size": "many"},
        {"size": "-1"},
        {"size": "9" * 30},
        {"name": ""},
        {"size": 2_000_000_001},
    ],
)
def test_nonsense_begins_nothing(product: Product, changes: dict[str, Any]) -> None:
    answer = begin(sitting(superuser=True), product, **changes)

    assert answer.status_code in {400, 403, 413}
    assert answer.json()["said"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Crc": "x"}, 400),
        ({"Upload-Crc": "4294967296"}, 400),
        ({"Upload-Offset": "5"}, 409),
        ({"Upload-Crc": "5"}, 422),
    ],
)
def test_headers_that_say_nonsense_bring_nothing(
    product: Product, headers: dict[str, str], status: int
) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()

    assert part(staff, state, 0, 2_000, **headers).status_code == status
    assert staff.get(state["at"]).json()["received"] == 0


def test_a_name_and_a_type_count_for_nothing(product: Product) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product, name="../../pier\u202e4pm.exe").json()
    part(staff, state, 0, 3_000)
    finish(Upload.objects.get())

    asset = Asset.objects.get()
    assert (asset.format, asset.name) == ("mp4", "pier4pm.exe")


def test_without_a_script_a_small_file_goes_in_one_request(product: Product) -> None:
    staff = sitting(superuser=True)
    said = {"ticket": ticket_of(staff, product)}
    file = SimpleUploadedFile("pier.mp4", WHOLE)
    answer = staff.post("/uploads/whole/", {**said, "file": file}, follow=True)
    assert "It is here, and is being looked at." in answer.content.decode()
    finish(Upload.objects.get())

    assert ProductFilm.objects.get(product=product).asset.read() == WHOLE
    wrong = SimpleUploadedFile("pier.mp4", b"<svg>")
    answer = staff.post("/uploads/whole/", {**said, "file": wrong}, follow=True)
    assert "This is an SVG drawing" in answer.content.decode()


def test_an_unfinished_one_stands_on_the_page_and_can_be_discarded(product: Product) -> None:
    staff = sitting(superuser=True)
    state = begin(staff, product).json()
    part(staff, state, 0, 2_000)
    assert "Choose the same file again" in staff.get(page(product)).content.decode()
    said = {"ticket": ticket_of(staff, product)}
    answer = staff.post(state["cancel"], said, follow=True)

    assert answer.redirect_chain[-1][0] == page(product)
    assert "Choose the same file again" not in answer.content.decode()
    assert Upload.objects.get().state == "cancelled"
