"""Orders in the admin: found, read whole, never edited."""

import html
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.slots import Slot
from orders import customer_page
from orders.admin import orders as orders_admin
from orders.admin import sections
from orders.models import Order, Reconciliation
from tests.deferral.staff import a_dead_job, a_job, sitting
from tests.orders.buying import in_state, paid

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/order/"


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def text(client: Client, address: str) -> str:
    """The page, which must open."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()


def page_of(order: Order) -> str:
    return f"{ORDERS}{order.pk}/change/"


@pytest.mark.parametrize("rows", [3, 60])
def test_a_list_costs_the_same_however_long(
    staff: Client, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        paid()
    for model in ("order", "paymentattempt"):
        with django_assert_max_num_queries(8):
            text(staff, f"/admin/orders/{model}/")


@pytest.mark.parametrize("rows", [3, 60])
def test_an_order_costs_the_same_however_much_is_done_for_it(
    staff: Client, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    order = paid()
    for _ in range(rows):
        a_job(subject=order.subject)
        order.payments.create(amount_cents=1)
        order.lines.create(unit_cents=1, quantity=1, tax_basis_points=0, tax_cents=0, total_cents=1)
    with django_assert_max_num_queries(21):
        text(staff, page_of(order))


def test_orders_are_found_and_filtered(staff: Client) -> None:
    ada, bob = paid(), in_state("payment_failed")
    Order.objects.filter(pk=bob.pk).update(name="Bob", email="bob@example.org")

    for query in ("q=Bob", "q=bob@", f"q={bob.number}", "state__exact=payment_failed"):
        found = text(staff, f"{ORDERS}?{query}")
        assert f"/{bob.pk}/change/" in found
        assert f"/{ada.pk}/change/" not in found


@pytest.mark.parametrize("kept", ["J\u00f6rg M\u00fcller", "Jo\u0308rg Mu\u0308ller"])
@pytest.mark.parametrize("typed", ["rg M\u00fcll", "Mu\u0308ller"])
def test_a_name_is_found_in_either_normal_form(staff: Client, kept: str, typed: str) -> None:
    order = paid(name=kept)

    found = staff.get(ORDERS, {"q": typed}).content.decode()

    assert f"/{order.pk}/change/" in found


def test_a_number_is_found_however_it_is_typed(staff: Client) -> None:
    order, other = paid(), paid()
    digits = order.number.removeprefix("H-")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)

    for typed in (digits, f"#{digits}", f"h-{digits}", f"H {digits}", order.reference, wide):
        found = staff.get(ORDERS, {"q": typed}).content.decode()
        assert f"/{order.pk}/change/" in found, typed
        assert f"/{other.pk}/change/" not in found, typed


def test_what_is_about_an_order_is_found_by_its_bare_number(staff: Client) -> None:
    order = paid()
    job = a_dead_job(subject=order.subject)

    found = staff.get("/admin/deferral/job/", {"q": order.number.removeprefix("H-")})

    assert job.key in found.content.decode()


def test_an_address_is_found_as_it_is_written(staff: Client) -> None:
    order = paid(email="ada@xn--strae-oqa.example")

    found = staff.get(ORDERS, {"q": "ada@stra\u00dfe.example"}).content.decode()

    assert f"/{order.pk}/change/" in found
    assert "ada@stra\u00dfe.example" in found


def test_an_order_shows_lines_payments_jobs_and_the_customers_page(
    staff: Client, settings: Settings
) -> None:
    settings.FLOWER_URL = "http://flower.example"
    order = paid()
    dead = a_dead_job("Bounced", subject=order.subject, task="notifications.send_confirmation")
    other = a_job(subject="order:H-0")

    page = text(staff, page_of(order))

    for seen in ("Harbour mug", "36.00 EUR", "Visa ending 4242", "pi_1", "orders.order_paid"):
        assert seen in page
    assert f"/orders/{order.number}/?token={order.link_token}" in page
    assert f"/admin/deferral/job/{dead.pk}/change/" in page
    assert f"http://flower.example/task/{dead.task_id}" in page
    assert "Bounced: " in page
    assert other.key not in page


def test_a_job_that_nobody_serves_says_so_on_its_order(staff: Client) -> None:
    order = paid()
    a_job(subject=order.subject, queue="partners")

    assert "nobody serves the queue partners" in text(staff, page_of(order))


@pytest.mark.parametrize("model", ["order", "paymentattempt"])
def test_nobody_edits_what_was_bought_or_paid(staff: Client, model: str) -> None:
    order = paid()
    page = f"/admin/orders/{model}/{order.pk if model == 'order' else order.payments.get().pk}/"

    assert staff.get(f"{page}change/").status_code == 200
    assert staff.post(f"{page}change/", {"state": "refunded"}).status_code == 403
    assert staff.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"/admin/orders/{model}/add/").status_code == 403
    assert Job.objects.count() == 0


def test_a_report_shows_each_difference_in_a_row_that_leads_to_its_order(staff: Client) -> None:
    amount = {"what": "another amount", "ref": "pi_1", "order": "H-7", "ours": 1, "theirs": 250_000}
    unknown = amount | {"ref": "<pi_2>", "order": "", "ours": None}
    report = Reconciliation.objects.create(
        day=timezone.localdate(),
        ours=1,
        theirs=2,
        ours_cents=1,
        theirs_cents=500_000,
        findings=[amount, unknown],
    )
    page = text(staff, f"/admin/orders/reconciliation/{report.pk}/change/")

    assert f'<a href="{ORDERS}?q=H-7">H-7</a>' in page
    assert '<td class="number">0.01 EUR</td><td class="number">2,500.00 EUR</td>' in page
    assert '<td class="number">-</td><td class="number">2,500.00 EUR</td>' in page
    assert "&lt;pi_2&gt;" in page


def test_without_a_storefront_an_order_has_no_page_to_lead_to(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = paid()
    assert f"/orders/{order.number}/?token=" in text(staff, page_of(order))

    for module in (customer_page, orders_admin):
        monkeypatch.setattr(module, "ADDRESS", Slot[Any]("the address of"))
    assert "customer's page" not in html.unescape(text(staff, page_of(order)).lower())
    assert customer_page.customers_address(order) == ""


def test_an_app_that_is_absent_leaves_its_section_out(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = paid()
    assert "Mails as sent" in text(staff, page_of(order))

    ours = {name: part for name, part in sections.SECTIONS.items() if name.startswith("orders.")}
    monkeypatch.setattr(sections, "SECTIONS", ours)
    page = text(staff, page_of(order))
    assert "Mails as sent" not in page
    assert "What staff decided" in page
