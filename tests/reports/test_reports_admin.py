"""The admin: everything can be found and opened, nothing changed, and no list asks row by row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from deferral.handlers import job
from orders.models import Order
from reports import tasks
from tests.reports.paid_orders import Run, a_line, saved

PAGES = ["document", "ticket"]


@pytest.fixture
def a_day(run: Run) -> Callable[[int], Order]:
    """Makes orders with everything that is written about them."""

    def make(orders: int) -> Order:
        for _ in range(orders):
            order = saved(a_line(quantity=1))
            line = order.lines.get()
            run(job(tasks.write_receipt, key=f"receipt:{order.reference}", order_id=order.pk))
            run(
                job(
                    tasks.write_ticket,
                    key=f"ticket:{line.order.reference}:{line.pk}:1",
                    line_id=line.pk,
                    position=1,
                )
            )
        return order

    return make


@pytest.mark.parametrize("page", PAGES)
def test_a_list_of_ten_asks_no_more_than_a_list_of_two(
    admin_client: Client,
    a_day: Callable[[int], Order],
    page: str,
    django_assert_max_num_queries: Any,
) -> None:
    a_day(2)
    with django_assert_max_num_queries(50) as two:
        admin_client.get(f"/admin/reports/{page}/?q=H-")
    a_day(8)
    with django_assert_max_num_queries(len(two)):
        answer = admin_client.get(f"/admin/reports/{page}/?q=H-")
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_rows_are_shown_and_not_changed(
    admin_client: Client, a_day: Callable[[int], Order], page: str
) -> None:
    order = a_day(1)
    answer = admin_client.get(f"/admin/reports/{page}/?q={order.number}")
    row = answer.context["cl"].queryset.first()

    assert admin_client.get(f"/admin/reports/{page}/{row.pk}/change/").status_code == 200
    assert admin_client.get(f"/admin/reports/{page}/add/").status_code == 403
    assert admin_client.post(f"/admin/reports/{page}/{row.pk}/delete/").status_code == 403


@pytest.mark.parametrize("page", ["document", "ticket"])
def test_a_row_links_to_its_file(
    admin_client: Client, a_day: Callable[[int], Order], page: str
) -> None:
    order = a_day(1)
    shown = admin_client.get(f"/admin/reports/{page}/").content.decode()

    assert f'href="/orders/{order.number}/documents/' in shown
