"""Who sits at the desk has an address by the same rule as a customer."""

import pytest
from django.contrib.auth.models import User

from tests.deferral.desk import sitting

pytestmark = pytest.mark.django_db

JOINED = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@stra\u00dfe.example", "ada@xn--strae-oqa.example"),
        ("ada@example\u200f.com", ""),
        ("", ""),
    ],
)
def test_an_address_of_staff_is_one_that_can_be_mailed(typed: str, kept: str) -> None:
    person = User.objects.create(username="ada")
    form = {"username": "ada", "email": typed, "first_name": "Jo\u0308rg", **JOINED}

    answer = sitting(superuser=True).post(f"/admin/auth/user/{person.pk}/change/", form)

    person.refresh_from_db()
    assert person.email == kept
    assert (answer.status_code == 302) == (kept != "" or typed == "")
    assert person.first_name == ("J\u00f6rg" if answer.status_code == 302 else "")
