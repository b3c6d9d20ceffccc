"""The cart: what fits in, what has to come out."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from orders.models import Order
from shop.basket import Basket, BasketLine
from shop.models import Product
from tests.shop.buying import fill_cart, in_cart, own

Shop = dict[str, Product]


def test_things_are_put_in_changed_and_taken_out(stocked: Shop, customer: Client) -> None:
    fill_cart(customer, harbour_mug=2, low_tide=1)
    customer.post("/cart/update/", {"sku": "HO-001", "quantity": 5})
    customer.post("/cart/remove/", {"sku": "DL-001"})
    assert in_cart(customer) == {"HO-001": 5}

    customer.post("/cart/update/", {"sku": "HO-001", "quantity": 0})
    assert in_cart(customer) == {}


@pytest.mark.parametrize(
    ("slug", "asked", "got"),
    [("low_tide", 2, 1), ("lantern", 9, 4), ("harbour_mug", 99, 20), ("smokehouse_supper", 1, 0)],
)
def test_no_more_than_there_is_fits_in(
    stocked: Shop, customer: Client, slug: str, asked: int, got: int
) -> None:
    fill_cart(customer, **{slug: asked})

    assert sum(in_cart(customer).values()) == got


def test_a_choir_of_a_hundred_and_twenty_may_come(stocked: Shop, customer: Client) -> None:
    fill_cart(customer, boatyard_open_day=120)

    assert in_cart(customer) == {"TI-007": 120}


@pytest.mark.parametrize("quantity", ["-1", "", "many", "1e9", "1.5"])
def test_nonsense_changes_nothing(stocked: Shop, customer: Client, quantity: str) -> None:
    fill_cart(customer, harbour_mug=2)
    for verb in ("add", "update"):
        customer.post(f"/cart/{verb}/", {"sku": "HO-001", "quantity": quantity})

    assert in_cart(customer) == {"HO-001": 2}


@pytest.mark.parametrize("sku", ["", "nothing", "\0", "x" * 999])
def test_an_unknown_article_is_refused(stocked: Shop, customer: Client, sku: str) -> None:
    answer = customer.post("/cart/add/", {"sku": sku, "quantity": 1})

    assert answer.status_code in {302, 404}
    assert in_cart(customer) == {}


def test_a_vanished_product_leaves_the_rest(stocked: Shop, customer: Client) -> None:
    fill_cart(customer, harbour_mug=1, low_tide=1)
    Product.objects.filter(slug="low-tide").delete()
    page = customer.get("/cart/")

    assert b"no longer sold" in page.content
    assert in_cart(customer) == {"HO-001": 1}


def test_what_sold_out_meanwhile_holds_up_the_checkout(stocked: Shop, customer: Client) -> None:
    fill_cart(customer, lantern=3)
    Product.objects.filter(slug="lantern").update(available=1)

    assert b"Only 1 left" in customer.get("/cart/").content
    assert customer.get("/checkout/")["Location"] == "/cart/"


def test_adding_leads_back_but_never_to_another_site(stocked: Shop, customer: Client) -> None:
    item = {"sku": "HO-001", "quantity": 1}

    assert customer.post("/cart/add/", item | {"next": "/?q=mug"})["Location"] == "/?q=mug"
    assert customer.post("/cart/add/", item | {"next": "//evil.example"})["Location"] == "/cart/"


@pytest.mark.parametrize(
    "target",
    [
        "x",
        "shop:home",
        ".",
        "?q=mug",
        "javascript:alert(1)",
        "/\\evil.example",
        "https://evil.example/",
        "http://testserver/",
        "/" + "a" * 9_000,
    ],
)
def test_what_is_no_path_of_ours_leads_to_the_cart(
    stocked: Shop, customer: Client, target: str
) -> None:
    item = {"sku": "HO-001", "quantity": "1", "next": target}

    assert customer.post("/cart/add/", item)["Location"] == "/cart/"


@pytest.mark.parametrize(
    ("category", "cents", "shipping"),
    [("print", 9_999, 450), ("home", 10_000, 0), ("ticket", 500, 0), ("download", 500, 0)],
)
def test_shipping_is_paid_for_what_is_shipped_below_a_hundred_euros(
    category: str, cents: int, shipping: int
) -> None:
    basket = Basket((BasketLine(Product(category=category, price_cents=cents), 1),))

    assert (basket.shipping_cents, basket.total_cents) == (shipping, cents + shipping)


def test_a_change_is_a_post_with_a_token(stocked: Shop) -> None:
    careful = Client(enforce_csrf_checks=True)

    assert careful.get("/cart/add/").status_code == 405
    assert careful.post("/cart/add/", {"sku": "HO-001", "quantity": 1}).status_code == 403


@pytest.fixture
def sixty(stocked: Shop) -> list[Product]:
    """Sixty different things with long names."""
    Product.objects.filter(category="print").delete()
    return Product.objects.bulk_create(
        Product(
            sku=f"LONG-{n:03}",
            slug=f"long-{n}",
            category="home",
            title=f"{n} " + "Lighthousekeeper's all-weather oilskin overcoat, " * 2 + "with hood",
            price_cents=1_000,
            supplier="warehouse",
        )
        for n in range(60)
    )


def test_sixty_different_things_fit_into_the_cookie_and_no_more(
    sixty: list[Product], customer: Client
) -> None:
    own(customer, *(Order(number=f"H-{10_000 + n}", tag="7kq2m9xv") for n in range(30)))
    for product in sixty:
        customer.post("/cart/add/", {"sku": product.sku, "quantity": 20})
    customer.post("/cart/add/", {"sku": "HO-001", "quantity": 1})

    assert len(in_cart(customer)) == 60
    sent = "; ".join(f"{name}={morsel.value}" for name, morsel in customer.cookies.items())
    assert len(sent) < 4_000


def test_a_long_cart_costs_no_more_questions(
    sixty: list[Product], customer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill_cart(customer, **{product.slug: 1 for product in sixty})
    for address in ("/cart/", "/checkout/"):
        with django_assert_num_queries(2):
            page = customer.get(address).content.decode()
        assert page.count("with hood</") >= 60


def test_a_form_without_its_cookie_is_answered_by_a_page_of_ours(stocked: Shop) -> None:
    answer = Client(enforce_csrf_checks=True).post("/cart/add/", {"sku": "HO-001"})

    assert answer.status_code == 403
    assert "Please send that again." in answer.content.decode()
