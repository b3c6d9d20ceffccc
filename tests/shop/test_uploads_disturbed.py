"""Uploads and imports while the disk is full, or the database read-only: said, nothing half, and
afterwards it goes on.
"""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.relay.expansion import expand_events
from media.models import Asset
from shop.imports import importing
from shop.imports.keeping import confirm
from shop.models import ImportArchive, Product, ProductImport, ProductPicture
from tests.deferral.bench import deliver
from tests.media.drawn import photo
from tests.shop.failing_over import read_only
from tests.shop.imports.files import HEAD, counts, looked_at
from tests.shop.imports.zips import picture, zipped

Shop = dict[str, Product]
Send = Callable[[Client, bytes], Any]
ROOM = 100_000
# Beyond 2.5 MB Django writes a file to the disk while it comes.
LARGE, SMALL = 3_000_000, 200_000


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """The kernel refuses whatever would be larger, as a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def read_only_database(transactional_db: None) -> Iterator[None]:
    """Writable again, whatever becomes of the test."""
    yield
    read_only(until_told=False)


def send_picture(client: Client, content: bytes) -> Any:
    """On the page of a product's pictures."""
    product = Product.objects.get(sku="HO-001")
    form = {"do": "add", "pictures": SimpleUploadedFile("pier.jpg", content)}
    return client.post(f"/admin/shop/product/{product.pk}/pictures/", form, follow=True)


def send_import(client: Client, content: bytes) -> Any:
    """With a ZIP beside it."""
    form = {
        "file": SimpleUploadedFile("products.csv", f"{HEAD},Pictures\n".encode()),
        "pictures": SimpleUploadedFile("all.zip", content),
    }
    return client.post("/admin/shop/productimport/upload/", form, follow=True)


def there(settings: Settings) -> set[Path]:
    """The files in storage, but for lists of products, which fit."""
    files = (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.suffix != ".csv")
    return {path for path in files if path.is_file()}


@pytest.mark.parametrize("send", [send_picture, send_import])
@pytest.mark.parametrize(("size", "status"), [(SMALL, 200), (LARGE, 507)])
def test_a_disk_that_is_full_is_said_and_nothing_half_is_there(
    open_shop: Shop,
    staff: Client,
    settings: Settings,
    send: Send,
    size: int,
    status: int,
) -> None:
    staff.raise_request_exception = False
    content = photo(700, 350).read() + bytes(size)
    before = there(settings)
    with room_for(ROOM):
        answer = send(staff, content)

    said = {200: "the disk for files is full", 507: "There is no room for this now."}
    assert answer.status_code == status
    assert said[status] in answer.content.decode()
    assert there(settings) == before
    assert not any(table.objects.exists() for table in (Asset, ProductImport, Job))
    assert send(staff, content).status_code == 200
    assert Asset.objects.exists() or ImportArchive.objects.exists()


@pytest.mark.parametrize("send", [send_picture, send_import])
def test_a_database_that_is_read_only_takes_no_upload_and_says_when_to_come_back(
    read_only_database: None, open_shop: Shop, staff: Client, settings: Settings, send: Send
) -> None:
    staff.raise_request_exception = False
    read_only(until_told=True)
    answer = send(staff, picture())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")

    read_only(until_told=False)
    assert (Asset.objects.count(), ProductImport.objects.count()) == (0, 0)
    assert send(staff, picture()).status_code == 200
    assert Asset.objects.count() + ImportArchive.objects.count() == 1


def test_an_import_that_meets_a_failover_goes_on_and_adds_nothing_twice(
    read_only_database: None, open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It loses no attempt, and each product and each picture is there once."""
    monkeypatch.setattr(importing, "FEW", 1)
    rows = [f"A-{n},One,home,10,warehouse,no,{n}.jpg" for n in range(4)]
    content = "\n".join([f"{HEAD},Pictures", *rows]).encode()
    source = looked_at(content, zipped({f"{n}.jpg": picture(40 + n) for n in range(4)}))
    confirm(productimport_id=source.pk, by="ada")
    expand_events()
    job = Job.objects.get(key=source.import_key)

    def fail_over(_: str) -> None:
        if Product.objects.filter(sku__startswith="A-").count() == 3:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            read_only_from_now.append(1)
            Product.objects.update(position=1)

    read_only_from_now: list[int] = []
    monkeypatch.setattr(importing, "crashpoint", fail_over)
    assert deliver(job) == "ignore"
    assert Product.objects.filter(sku__startswith="A-").count() == 2

    monkeypatch.setattr(importing, "crashpoint", lambda _: None)
    Job.objects.update(next_at=Now())
    assert deliver(job) == "success"
    job.refresh_from_db()
    source.refresh_from_db()
    assert (job.state, job.attempts, job.crashes) == ("done", 1, 0)
    assert counts(source.results, "new", "pictures") == [4, 4]
    assert ProductPicture.objects.filter(product__sku__startswith="A-").count() == 4
