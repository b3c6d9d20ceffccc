"""The admin and the customers at the same product: what was sold stays sold."""

import re
from collections import defaultdict
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from shop.models import Product
from tests.shop.buying import left_of, placed

Shop = dict[str, Product]
LIST = "/admin/shop/product/"
# By the kind of field: a box is ticked.
EMPTY = defaultdict(str, checkbox="on")


@pytest.fixture
def seats(stocked: Shop) -> Product:
    """240 of them."""
    return stocked["lantern-walk"]


def fields(page: str) -> dict[str, str]:
    """What a browser would send of a page as it came, with every box ticked."""
    inputs = re.findall(r"<input ([^>]*)>", page)
    named = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in inputs]
    texts = re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)', page)
    chosen = re.findall(r'<select name="(\w+)".*?value="([^"]*)" selected', page, re.DOTALL)
    found = {one["name"]: one.get("value", EMPTY[one["type"]]) for one in named if "name" in one}
    return found | dict(texts) | dict(chosen)


def restock(staff: Client, product: Product, pieces: object, **changes: str) -> Any:
    """Open the page, fill it in, send it."""
    page = f"{LIST}{product.pk}/restock/"
    sent = fields(staff.get(page).content.decode()) | {"reason": "a delivery"} | changes
    return staff.post(page, sent | {"pieces": str(pieces)}, follow=True)


def test_saving_the_list_does_not_sell_again_what_was_sold_meanwhile(
    staff: Client, seats: Product
) -> None:
    sent = fields(staff.get(f"{LIST}?q=Lantern+Walk").content.decode())
    placed((seats, 3))
    stale = {"form-0-available": "240", "form-0-on_sale": ""}
    answer = staff.post(f"{LIST}?q=Lantern+Walk", sent | stale | {"_save": "Save"})

    assert answer.status_code == 302
    assert left_of(seats) == 237
    assert not Product.objects.get(pk=seats.pk).on_sale


def test_saving_a_product_does_not_sell_again_what_was_sold_meanwhile(
    staff: Client, seats: Product
) -> None:
    page = f"{LIST}{seats.pk}/change/"
    sent = fields(staff.get(page).content.decode())
    placed((seats, 3))
    answer = staff.post(page, sent | {"available": "240", "title": "Lantern Walk II"})

    assert answer.status_code == 302
    assert left_of(seats) == 237
    assert Product.objects.get(pk=seats.pk).title == "Lantern Walk II"


def test_a_sale_while_a_product_is_being_saved_counts(
    staff: Client, seats: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the row and writing it, where every other column is stale too."""
    page = f"{LIST}{seats.pk}/change/"
    sent = fields(staff.get(page).content.decode())
    save = Product.save

    def overtaken(product: Product, **how: Any) -> None:
        placed((seats, 3))
        save(product, **how)

    monkeypatch.setattr(Product, "save", overtaken)
    staff.post(page, sent | {"title": "Lantern Walk II"})

    assert left_of(seats) == 237


def test_a_new_product_is_given_its_stock(staff: Client, stocked: Shop) -> None:
    sent = fields(staff.get(f"{LIST}add/").content.decode())
    new = {"sku": "HO-999", "slug": "oar", "title": "Oar", "category": "home", "available": "5"}
    staff.post(f"{LIST}add/", sent | new | {"price": "40.00", "supplier": "warehouse"})

    assert left_of(Product.objects.get(sku="HO-999")) == 5


@pytest.mark.parametrize(("pieces", "left"), [(10, 247), (-7, 230), (-237, 0)])
def test_stock_is_counted_from_where_it_is(
    staff: Client, seats: Product, pieces: int, left: int
) -> None:
    page = f"{LIST}{seats.pk}/restock/"
    sent = fields(staff.get(page).content.decode())
    placed((seats, 3))
    staff.post(page, sent | {"pieces": str(pieces), "reason": "a delivery"})

    assert left_of(seats) == left


def test_who_counted_and_why_is_written_down(staff: Client, seats: Product) -> None:
    restock(staff, seats, 10, reason="a larger boat")

    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id) == ("staff@example.org", str(seats.pk))
    assert entry.change_message == "Restocked by +10: a larger boat"


def test_the_same_page_sent_twice_counts_once(staff: Client, seats: Product) -> None:
    page = f"{LIST}{seats.pk}/restock/"
    sent = fields(staff.get(page).content.decode()) | {"pieces": "10", "reason": "a delivery"}
    staff.post(page, sent)
    again = staff.post(page, sent, follow=True)

    assert left_of(seats) == 250
    assert LogEntry.objects.count() == 1
    assert b"Nothing was counted" in again.content


def test_no_more_goes_than_there_is(staff: Client, stocked: Shop) -> None:
    answer = restock(staff, stocked["lantern"], -5)

    assert b"Only 4 of Storm lantern left. Nothing was counted" in answer.content
    assert left_of(stocked["lantern"]) == 4
    assert not LogEntry.objects.exists()


def test_what_never_runs_out_gets_no_count(staff: Client, stocked: Shop) -> None:
    endless = stocked["slow-swell"]
    sent = {"pieces": "5", "reason": "a delivery", "seen": "0"}
    answer = staff.post(f"{LIST}{endless.pk}/restock/", sent, follow=True)

    assert b"never runs out" in answer.content
    assert left_of(endless) is None
    assert b"/restock/" not in staff.get(f"{LIST}{endless.pk}/change/").content


@pytest.mark.parametrize("changes", [{"reason": " "}, {"pieces": "many"}, {"pieces": "1000000"}])
def test_nothing_is_counted_without_a_number_and_a_reason(
    staff: Client, seats: Product, changes: dict[str, str]
) -> None:
    sent = {"pieces": "5", "reason": "a delivery", "seen": "0"} | changes
    answer = staff.post(f"{LIST}{seats.pk}/restock/", sent)

    assert (answer.status_code, left_of(seats)) == (200, 240)


def test_who_may_not_change_products_counts_nothing(client: Client, seats: Product) -> None:
    user = User.objects.create(email="somebody@example.org", is_staff=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    sent = {"pieces": "5", "reason": "a delivery", "seen": "0"}

    assert client.post(f"{LIST}{seats.pk}/restock/", sent).status_code == 403
    assert left_of(seats) == 240
