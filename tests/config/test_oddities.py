"""What no browser sends is refused in a word, and stores nothing."""

import pytest
from django.test import Client

from tests.deferral.staff import sitting

ADDRESSES = (
    "/orders/H-10001/documents/%00/",
    "/orders/%00/documents/x/",
    "/tickets/%00/",
    "/products/%00/",
    "/?q=a%00b",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_nul_in_an_address_is_a_bad_request(address: str) -> None:
    assert Client().get(address).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["get", "post"])
def test_a_field_without_a_name_is_no_field_of_the_admin(asked: str) -> None:
    staff = sitting(superuser=True)
    answer = getattr(staff, asked)("/admin/orders/order/add/", {"_to_field": ""})

    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(("charset", "status"), [("utf-16", 400), ("UTF-8", 302)])
def test_a_form_in_another_alphabet_is_a_bad_request(charset: str, status: int) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = Client().post("/checkout/", b"name=Ada", content_type=kind)

    assert answer.status_code == status
