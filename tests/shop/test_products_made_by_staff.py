"""Staff make a product: nothing is on sale that the shop could not sell."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint
from django.test import Client
from django.utils import timezone

from orders.amounts import MOST_CENTS
from shop.models import Product, hindrances
from shop.models.selling import ON_SALE, SUPPLIERS, WHOLE
from shop.products.slugs import LONGEST, free_slug
from tests.rig.stocking import index_shop
from tests.shop.test_restocking import fields

Shop = dict[str, Product]
LIST = "/admin/shop/product/"
PRINT = {
    "sku": "PR-900",
    "title": "Ebb",
    "category": "print",
    "price": "24,50",
    "tax_basis_points": "1900",
    "supplier": "print_room",
    "art_motif": "waves",
    "art_object": "poster",
    "art_seed": "1",
    "position": "1",
    "on_sale": "on",
}
TICKET = PRINT | {"category": "ticket", "supplier": "box_office"}
FILE = PRINT | {"category": "download", "supplier": ""}
LATER, BEFORE = (
    {"event_at_0": "2099-05-01", "event_at_1": "19:00"},
    {
        "event_at_0": "2020-05-01",
        "event_at_1": "19:00",
    },
)


def add(staff: Client, sent: dict[str, str]) -> Any:
    """Send the form of a new product."""
    return staff.post(f"{LIST}add/", sent)


def complaints(answer: Any) -> str:
    """What the page says is wrong, in one text; empty once it was saved."""
    if answer.status_code == 302:
        return ""
    errors = answer.context["adminform"].form.errors
    return " ".join(sentence for each in errors.values() for sentence in each)


def change(staff: Client, product: Product, **sent: str) -> Any:
    """Open the page of a product, change something, save it."""
    page = f"{LIST}{product.pk}/change/"
    found = fields(staff.get(page).content.decode())
    if not product.on_sale:
        found.pop("on_sale", None)
    return staff.post(page, found | sent)


@pytest.mark.parametrize("sent", [PRINT, TICKET | LATER, FILE])
def test_what_is_whole_is_on_sale_at_once(staff: Client, sent: dict[str, str]) -> None:
    assert complaints(add(staff, sent)) == ""

    made = Product.objects.get(sku="PR-900")
    assert (made.price_cents, made.slug, made.on_sale) == (2450, "ebb", True)
    assert staff.get("/products/ebb/").status_code == 200


UNSELLABLE = [
    (PRINT | {"supplier": ""}, "Choose who hands it out"),
    (PRINT | {"supplier": "box_office"}, "A print comes from"),
    (PRINT | {"category": "home", "supplier": "box_office"}, "Goods come from"),
    (PRINT | LATER, "Only a ticket has a date"),
    (TICKET, "A ticket has to say when"),
    (TICKET | BEFORE, "This evening is over"),
    (TICKET | LATER | {"supplier": "warehouse"}, "Seats are entered at the box office"),
    (FILE | {"supplier": "warehouse"}, "leave the supplier empty"),
    (FILE | {"price": "0,01"}, "A card cannot be charged with less"),
]
REFUSED = [
    (PRINT | {"price": "1,234"}, "Write a price in euros"),
    (PRINT | {"price": "1000000"}, "One payment is at most"),
    (PRINT | {"price": ""}, "required"),
    (PRINT | {"title": "\u3164"}, "something that can be seen"),
    (PRINT | {"sku": "a b"}, "Letters from A to Z"),
    (PRINT | {"sku": "../x"}, "Letters from A to Z"),
    (PRINT | {"tax_basis_points": "1234"}, "valid choice"),
    (PRINT | {"art_motif": "cats"}, "valid choice"),
    (PRINT | {"art_object": "hat"}, "valid choice"),
    (PRINT | {"slug": "not a slug"}, "slug"),
    (PRINT | {"description": "x" * 10_001}, "at most 10000"),
    (PRINT | {"available": "-1"}, "less than nothing"),
]


@pytest.mark.parametrize(("sent", "said"), UNSELLABLE + REFUSED)
def test_what_cannot_be_sold_is_refused_with_a_sentence(
    staff: Client, sent: dict[str, str], said: str
) -> None:
    assert said in complaints(add(staff, sent))
    assert not Product.objects.filter(sku="PR-900").exists()


@pytest.mark.parametrize("sent", [sent for sent, _ in UNSELLABLE])
def test_what_is_unfinished_is_kept_off_sale(staff: Client, sent: dict[str, str]) -> None:
    off_sale = {name: value for name, value in sent.items() if name != "on_sale"}
    assert complaints(add(staff, off_sale)) == ""

    made = Product.objects.get(sku="PR-900")
    assert staff.get(f"/products/{made.slug}/").status_code == 404
    page = staff.get(f"{LIST}{made.pk}/preview/")
    assert page.status_code == 200
    assert b"Ebb" in page.content


@pytest.mark.parametrize(
    "facts",
    [
        {"supplier": ""},
        {"category": "download"},
        {"category": "ticket", "supplier": "box_office"},
        {"event_at": timezone.now()},
        {"tax_basis_points": 10_001},
        {"price_cents": 100_000_000},
        {"title": ""},
        {"slug": ""},
    ],
)
def test_the_table_holds_nothing_on_sale_that_cannot_be_sold(
    stocked: Shop, facts: dict[str, Any]
) -> None:
    mug = Product.objects.filter(pk=stocked["harbour-mug"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        mug.update(**facts)
    assert mug.update(on_sale=False, **facts) == 1


KINDS: list[dict[str, Any]] = [
    {"category": category, "supplier": supplier, "event_at": event_at}
    for category in (*SUPPLIERS, "car")
    for supplier in ("", "print_room", "warehouse", "box_office", "x")
    for event_at in (None, timezone.now())
]
MONEY: list[dict[str, Any]] = [
    {"price_cents": cents, "tax_basis_points": tax}
    for cents in (0, 1, MOST_CENTS, MOST_CENTS + 1)
    for tax in (0, WHOLE, WHOLE + 1)
]
WHOLE_MUG: dict[str, Any] = {
    "on_sale": True,
    "sku": "X",
    "slug": "x",
    "title": "X",
    "category": "home",
    "supplier": "warehouse",
    "event_at": None,
    "price_cents": 100,
    "tax_basis_points": 1900,
}


@pytest.mark.parametrize("facts", [*KINDS, *MONEY, {"title": ""}])
def test_what_the_table_would_not_hold_is_named_before(db: None, facts: dict[str, Any]) -> None:
    """An import writes a hundred rows at once: one that the table refuses would stop them all."""
    goods = Product(**(WHOLE_MUG | facts))

    assert bool(hindrances(goods)) is not all(holds(each, goods) for each in ON_SALE)


def holds(rule: CheckConstraint, goods: Product) -> bool:
    """As the table would say."""
    try:
        rule.validate(Product, goods)
    except ValidationError:
        return False
    return True


def test_an_unfinished_product_is_not_put_on_sale_from_the_list(staff: Client) -> None:
    Product.objects.create(
        sku="X", slug="x", title="X", category="home", price_cents=1, on_sale=False
    )
    sent = fields(staff.get(LIST).content.decode())
    answer = staff.post(LIST, sent | {"form-0-on_sale": "on", "_save": "Save"})

    assert answer.status_code == 200
    assert "Choose who hands it out" in answer.content.decode()
    assert not Product.objects.get(sku="X").on_sale


def test_an_evening_that_is_over_does_not_hold_up_the_list_nor_its_own_texts(
    staff: Client, stocked: Shop
) -> None:
    walk = stocked["lantern-walk"]
    Product.objects.filter(pk=walk.pk).update(event_at=timezone.now() - timedelta(days=1))
    sent = fields(staff.get(f"{LIST}?category__exact=ticket").content.decode())
    listed = staff.post(f"{LIST}?category__exact=ticket", sent | {"_save": "Save"})

    assert listed.status_code == 302
    assert complaints(change(staff, walk, title="Lantern walk, again")) == ""
    assert Product.objects.get(pk=walk.pk).title == "Lantern walk, again"


def test_what_was_on_sale_before_a_rule_does_not_hold_up_the_list(
    staff: Client, stocked: Shop
) -> None:
    Product.objects.filter(slug="low-tide").update(price_cents=30)
    page = f"{LIST}?category__exact=download"
    sent = fields(staff.get(page).content.decode())

    assert staff.post(page, sent | {"_save": "Save"}).status_code == 302


def test_an_address_is_made_once_and_stays_while_customers_know_it(staff: Client) -> None:
    add(staff, PRINT)
    add(staff, PRINT | {"sku": "PR-901"})
    first, second = Product.objects.order_by("pk")
    assert (first.slug, second.slug) == ("ebb", "ebb-2")

    assert complaints(change(staff, second, title="Flood", slug="flood")) == ""
    second.refresh_from_db()
    assert (second.title, second.slug) == ("Flood", "ebb-2")
    Product.objects.filter(pk=second.pk).update(on_sale=False)
    second.refresh_from_db()
    assert complaints(change(staff, second, slug="flood")) == ""
    second.refresh_from_db()
    assert second.slug == "flood"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Slow Swell", "slow-swell"),
        ("Größe für Ängstliche", "groe-fur-angstliche"),
        ("日本の海", "pr-900"),
        ("!!!", "pr-900"),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_every_title_has_an_address(staff: Client, title: str, slug: str) -> None:
    assert complaints(add(staff, PRINT | {"title": title})) == ""
    assert Product.objects.get(sku="PR-900").slug == slug


def test_addresses_of_one_title_stay_short_and_differ() -> None:
    taken: set[str] = set()
    for _ in range(12):
        taken.add(free_slug("x" * LONGEST, taken))

    assert len(taken) == 12
    assert max(map(len, taken)) == LONGEST


def test_what_is_kept_already_may_be_kept(staff: Client) -> None:
    add(staff, PRINT)
    old = Product.objects.get()
    Product.objects.update(tax_basis_points=1600, art_motif="cats", art_object="hat")
    old.refresh_from_db()

    assert complaints(change(staff, old, title="Renamed")) == ""
    old.refresh_from_db()
    assert (old.title, old.tax_basis_points, old.art_motif) == ("Renamed", 1600, "cats")


def test_a_price_in_another_spelling_is_no_change(staff: Client) -> None:
    add(staff, PRINT)
    made = Product.objects.get()
    shown = fields(staff.get(f"{LIST}{made.pk}/change/").content.decode())["price"]
    change(staff, made, price="24,5")

    assert shown == "24.50"
    assert "No fields changed" in staff.get(f"{LIST}{made.pk}/history/").content.decode()


def test_a_preview_is_staffs_alone_and_sells_nothing(
    staff: Client, customer: Client, stocked: Shop
) -> None:
    mug = stocked["harbour-mug"]
    Product.objects.filter(pk=mug.pk).update(on_sale=False, supplier="")
    page = staff.get(f"{LIST}{mug.pk}/preview/")
    text = page.content.decode()

    assert "Choose who hands it out" in text
    assert 'action="/cart/add/"' not in text.split("More like this")[0]
    assert "no-store" in page["Cache-Control"]
    assert customer.get(f"{LIST}{mug.pk}/preview/").status_code == 302
    assert not Product.objects.get(pk=mug.pk).on_sale


def test_a_description_of_any_length_does_not_end_the_search(
    customer: Client, stocked: Shop
) -> None:
    words = " ".join(f"word{n}" for n in range(200_000))
    Product.objects.filter(pk=stocked["harbour-mug"].pk).update(description=words)
    index_shop()

    assert "Harbour mug" in customer.get("/search/?q=harbour").content.decode()
