"""Every change of a product raises its version and is announced in its transaction."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import F
from django.test import Client

from deferral.models import Event
from shop import films, gallery, stock
from shop.models import Product, announced_together
from shop.seeding import seed_catalogue
from tests.shop.filmed import filmed
from tests.shop.imports.files import imported, lines
from tests.shop.pictured import added, three
from tests.shop.test_products_made_by_staff import LIST, PRINT, change

Way = Callable[[Product], object]
MUG = "harbour-mug"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def told() -> list[dict[str, Any]]:
    """What was announced of products, in its order."""
    facts = Event.objects.filter(type__in=["shop.product_changed", "shop.products_changed"])
    return list(facts.order_by("pk").values_list("payload", flat=True))


def was_told_of(way: Way, product: Product) -> bool:
    """Whether the last version there is of it was announced."""
    pk, before = product.pk, product.version
    way(product)
    now = Product.objects.filter(pk=pk).values_list("version", flat=True).first()
    [*_, last] = told()
    return last in (
        {"product_id": pk, "version": now or before + 1},
        {**last, "product_ids": [pk]},
    )


def saved(product: Product) -> None:
    product.title = "Large mug"
    product.save()


def saved_in_part(product: Product) -> None:
    product.on_sale = False
    product.save(update_fields=["on_sale"])


def updated_in_bulk(product: Product) -> None:
    product.price_cents = 2100
    Product.objects.bulk_update([product], ["price_cents"])


ORM: dict[str, Way] = {
    "saved": saved,
    "a column saved": saved_in_part,
    "updated": lambda one: Product.objects.filter(slug=MUG).update(
        price_cents=F("price_cents") + 1
    ),
    "updated with the stock": lambda one: Product.objects.filter(pk=one.pk).update(
        available=3, price_cents=5
    ),
    "updated in bulk": updated_in_bulk,
    "updated or created": lambda one: Product.objects.update_or_create(
        sku=one.sku, defaults={"title": "Mug"}
    ),
    "deleted": lambda one: one.delete(),
    "deleted with others": lambda one: Product.objects.filter(pk=one.pk).delete(),
}
# By the verbs of the two rooms that write what a product has.
SERVICES: dict[Callable[..., object], Way] = {
    gallery.add_picture: added,
    gallery.attach_picture: added,
    gallery.move_picture: lambda one: gallery.move_picture(picture_id=three(one)[0].pk, to=2),
    gallery.describe_picture: lambda one: gallery.describe_picture(
        picture_id=added(one).pk, alternative="A mug"
    ),
    gallery.remove_picture: lambda one: gallery.remove_picture(picture_id=added(one).pk),
    gallery.remove_products: lambda one: gallery.remove_products([one.pk]),
    films.attach_film: filmed,
    films.caption_film: lambda one: films.caption_film(
        film_id=filmed(one).pk, captions="WEBVTT", language="en"
    ),
    films.uncaption_film: lambda one: films.uncaption_film(film_id=filmed(one).pk),
    films.remove_film: lambda one: films.remove_film(film_id=filmed(one).pk),
}
WRITES = re.compile(r"Product(?:Picture|Film)\.objects\b[^\n]*\.(?:\w*create|\w*update|delete)\(")


@pytest.mark.parametrize("way", ORM)
def test_a_change_is_announced_with_its_version(stocked: dict[str, Product], way: str) -> None:
    assert was_told_of(ORM[way], stocked[MUG])


@pytest.mark.parametrize("verb", SERVICES, ids=lambda verb: verb.__name__)
def test_a_change_of_what_it_has_is_one_too(
    stocked: dict[str, Product], verb: Callable[..., object]
) -> None:
    assert was_told_of(SERVICES[verb], stocked[MUG])


def test_every_verb_that_writes_what_a_product_has_was_tried_above() -> None:
    verbs = {
        one
        for room in (gallery, films)
        for name, one in vars(room).items()
        if not name.startswith("_") and getattr(one, "__module__", "") == room.__name__
    }

    assert verbs == SERVICES.keys()


def test_nobody_else_writes_pictures_and_films_of_products() -> None:
    code = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("[a-z]*/**/*.py")}
    found = {str(path.relative_to(ROOT)) for path, text in code.items() if WRITES.search(text)}

    assert {name for name in found if not name.startswith("tests")} == {
        "shop/films.py",
        "shop/gallery.py",
    }


@pytest.mark.django_db
def test_what_is_made_is_announced() -> None:
    made = Product.objects.create(sku="A", slug="a", price_cents=1, on_sale=False)

    assert told() == [{"product_id": made.pk, "version": 1}]


@pytest.mark.django_db
def test_a_new_shop_is_one_announcement_and_seeding_it_again_is_none() -> None:
    made = seed_catalogue()
    seed_catalogue()

    [fact] = told()
    assert len(fact["product_ids"]) == len(made) == 40


def test_a_thousand_are_one_announcement(stocked: dict[str, Product], monkeypatch: Any) -> None:
    monkeypatch.setattr("shop.models.noting.MOST_AT_ONCE", 30)
    Product.objects.update(position=1)

    assert [len(fact["product_ids"]) for fact in told()] == [30, 10]
    assert set(Product.objects.values_list("version", flat=True)) == {2}


def test_the_list_of_the_admin_saves_many_and_announces_once(
    stocked: dict[str, Product], staff: Client
) -> None:
    shown = f"{LIST}?category__exact=ticket&o=2"
    rows = Product.objects.filter(category="ticket").order_by("sku", "-pk")
    ids = list(rows.values_list("pk", flat=True))
    form = {"form-TOTAL_FORMS": "8", "form-INITIAL_FORMS": "8", "_save": "Save"}
    form |= {f"form-{place}-id": str(pk) for place, pk in enumerate(ids)}
    staff.post(shown, form)

    [fact] = told()
    assert fact["product_ids"] == sorted(ids)


def test_what_staff_save_is_announced(stocked: dict[str, Product], staff: Client) -> None:
    assert was_told_of(lambda one: change(staff, one, title="Large mug"), stocked[MUG])

    staff.post(f"{LIST}add/", PRINT)
    assert told()[-1]["product_id"] == Product.objects.get(sku="PR-900").pk


def test_the_lines_of_an_import_are_announced_by_the_chunk(open_shop: dict[str, Product]) -> None:
    rows = [f'{one.sku},"{one.title} II",21' for one in open_shop.values()]
    imported(lines(*rows, head="SKU,Title,Price"))

    assert [len(fact["product_ids"]) for fact in told()] == [40]


def test_what_is_sold_and_counted_is_no_change(stocked: dict[str, Product]) -> None:
    lantern = stocked["lantern"]
    stock.take(lantern, 1)
    stock.restock(product_id=lantern.pk, pieces=5)
    lantern.refresh_from_db()
    lantern.available = 7
    lantern.save(update_fields=["available"])

    lantern.refresh_from_db()
    assert (lantern.version, told()) == (1, [])


def test_what_is_rolled_back_is_not_announced(open_shop: dict[str, Product]) -> None:
    with pytest.raises(IntegrityError), announced_together():
        Product.objects.update(sku="A")
    saved(open_shop[MUG])

    assert [fact["product_id"] for fact in told()] == [open_shop[MUG].pk]


def test_whoever_goes_past_the_model_raises_the_version_too(stocked: dict[str, Product]) -> None:
    """But not for what is counted, and never back."""
    mug = stocked[MUG]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_product SET title = 'Mug' WHERE id = %s", [mug.pk])
        cursor.execute("UPDATE shop_product SET available = 2, version = 1 WHERE id = %s", [mug.pk])

    mug.refresh_from_db()
    assert mug.version == 2


def test_a_save_of_an_old_reading_raises_the_version_all_the_same(
    stocked: dict[str, Product],
) -> None:
    old = Product.objects.get(slug=MUG)
    saved(stocked[MUG])
    old.subtitle = "Small"
    old.save()

    assert Product.objects.get(slug=MUG).version == 3
