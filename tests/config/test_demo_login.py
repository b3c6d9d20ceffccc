"""The demonstration's login: there while its password is given to the processes, and not else."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from config.demo import DEMO_USER

pytestmark = pytest.mark.django_db


def test_it_opens_the_admin_with_the_password_of_this_start(settings: Settings) -> None:
    settings.DEMO_PASSWORD = "of this start"
    visitor = Client()

    assert not visitor.login(username=DEMO_USER, password="of another")
    assert not visitor.login(username="somebody@example.org", password="of this start")
    assert visitor.login(username="Harbour@Halyard.Example", password="of this start")
    assert visitor.get("/admin/").status_code == 200


def test_it_does_not_exist_where_no_password_is_set(settings: Settings) -> None:
    settings.DEMO_PASSWORD = ""

    assert not Client().login(username=DEMO_USER, password="")


def test_its_session_ends_with_the_demonstration(settings: Settings) -> None:
    settings.DEMO_PASSWORD = "of this start"
    visitor = Client()
    visitor.login(username=DEMO_USER, password="of this start")
    settings.DEMO_PASSWORD = ""

    assert visitor.get("/admin/").status_code == 302


def test_its_row_has_no_password_of_its_own(settings: Settings) -> None:
    settings.DEMO_PASSWORD = "of this start"
    Client().login(username=DEMO_USER, password="of this start")

    assert not User.objects.get(email=DEMO_USER).has_usable_password()
