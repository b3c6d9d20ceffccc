"""The audit log in the admin: everything can be found, nothing changed, no list asks row by row."""

from typing import Any

import pytest
from django.test import Client

from tests.audit.entries import write_down

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/auditentry/"


def entries(*numbers: int) -> None:
    for number in numbers:
        write_down(f"audit:order_paid:H-{number}", subject=f"order:H-{number}")


def test_a_list_of_ten_asks_no_more_than_a_list_of_two(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    entries(1, 2)
    with django_assert_max_num_queries(50) as two:
        admin_client.get(LIST)
    entries(*range(3, 11))
    with django_assert_max_num_queries(len(two)):
        assert admin_client.get(LIST).status_code == 200


@pytest.mark.parametrize("asked", ["H-1", "h-1", "audit:order_paid:H-1"])
def test_an_entry_is_found_and_not_changed(admin_client: Client, asked: str) -> None:
    entries(1, 2)
    [row] = admin_client.get(LIST, {"q": asked}).context["cl"].queryset

    assert admin_client.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/delete/").status_code == 403
