"""The shop in the admin."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shop.models import Product, Reservation
from tests.shop.buying import placed

Shop = dict[str, Product]


def test_products_are_found_and_filtered(staff: Client, stocked: Shop) -> None:
    page = staff.get("/admin/shop/product/?q=lantern&category__exact=ticket").content

    assert b"Lantern Walk" in page
    assert b"Storm lantern" not in page


@pytest.mark.parametrize("model", ["product", "reservation"])
def test_a_list_costs_the_same_however_long(
    staff: Client,
    stocked: Shop,
    model: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for slug in ("harbour-mug", "slow-swell", "low-tide", "lantern-walk"):
        placed((stocked[slug], 1), (stocked["boathouse-tote"], 1))
    with django_assert_max_num_queries(8):
        assert staff.get(f"/admin/shop/{model}/").status_code == 200


def test_reservations_are_looked_at_only(staff: Client, stocked: Shop) -> None:
    placed((stocked["lantern"], 1))
    [held] = Reservation.objects.all()

    assert staff.get(f"/admin/shop/reservation/{held.pk}/change/").status_code == 200
    assert staff.post(f"/admin/shop/reservation/{held.pk}/delete/").status_code == 403
    assert staff.get("/admin/shop/reservation/add/").status_code == 403


def test_what_is_edited_in_the_list_has_a_name_of_its_own(staff: Client, stocked: Shop) -> None:
    page = staff.get("/admin/shop/product/").content.decode()

    assert page.count('aria-label="on sale"') == len(stocked) > 1
