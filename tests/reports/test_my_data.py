"""All that is kept of a customer, as a file that nobody else gets."""

import io
import json
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock
from zipfile import ZipFile

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from accounts.models import User
from deferral.models import Job
from deferral.relay.expansion import expand_events
from reports.models import DataExport, DataExportFile
from reports.my_data import writing
from reports.my_data.asking import ask_for_my_data
from reports.my_data.keeping import forget_old_data
from shop import fresh_login
from shop.models import Product
from shop.seeding import seed_catalogue
from tests.accounts.somebody import ADDRESS, NAME, a_customer
from tests.deferral.bench import deliver
from tests.rig.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zoe(transactional_db: None) -> User:
    """Of whom every app keeps something."""
    seed_catalogue()
    return a_customer({product.slug: product for product in Product.objects.all()})


def visitor(user: User, *, minutes_ago: int = 0) -> Client:
    """Logged in from the mailbox so many minutes ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[fresh_login.PROVEN_AT] = timezone.now().timestamp() - 60 * minutes_ago
    session.save()
    return client


def work_off() -> Job:
    expand_events()
    Job.objects.filter(task="reports.write_my_data", state="pending").update(next_at=Now())
    job = Job.objects.get(task="reports.write_my_data")
    deliver(job)
    job.refresh_from_db()
    return job


@pytest.fixture
def ready(zoe: User) -> User:
    """It was asked for, and is written."""
    visitor(zoe).post("/account/data/")
    assert work_off().state == "done"
    return zoe


def box_of(answer: Any) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_all_that_is_kept_is_in_it(ready: User) -> None:
    box = box_of(visitor(ready).get("/account/data/file/"))
    found = {name: box.read(name) for name in box.namelist()}
    read = {name: json.loads(text) for name, text in found.items() if name.endswith(".json")}

    assert [order["name"] for order in read["orders/orders.json"]] == [NAME, NAME]
    assert read["reviews/reviews.json"][0]["words"] == "It smells of the sea."
    assert read["notifications/newsletter.json"][0]["state"] == "confirmed"
    assert read["accounts/account.json"][0]["email"] == ADDRESS
    assert found["reports/documents/receipt.pdf"] == NAME.encode()
    mailed = {mail["to"] for mail in read["notifications/mails.json"]}
    assert mailed == {ADDRESS}, "staff have mails about them too"


def test_nothing_of_others_is_in_it(zoe: User) -> None:
    other = User.objects.create_user("bob@example.org")
    visitor(other).post("/account/data/")
    work_off()
    box = box_of(visitor(other).get("/account/data/file/"))

    for name in box.namelist():
        assert ADDRESS not in box.read(name).decode().lower()


def client_of(who: str, owner: User) -> Client:
    """Of somebody who is not to have it."""
    match who:
        case "nobody":
            return Client()
        case "long ago":
            return visitor(owner, minutes_ago=16)
        case "staff":
            return visitor(User.objects.get(is_staff=True))
        case _:
            return visitor(User.objects.create_user("bob@example.org"))


@pytest.mark.parametrize("who", ["nobody", "another", "staff", "long ago"])
def test_nobody_else_gets_it(ready: User, who: str) -> None:
    answer = client_of(who, ready).get("/account/data/file/")

    assert answer.status_code in {302, 404}
    assert who == "another" or answer["Location"] == "/login/"


def test_who_asks_several_times_has_asked_once(zoe: User) -> None:
    found = at_once(*[partial(ask_for_my_data, user_id=zoe.pk)] * 4)

    assert len({one.pk for one in found}) == 1


def test_who_logged_in_long_ago_asks_for_nothing(zoe: User) -> None:
    assert visitor(zoe, minutes_ago=16).post("/account/data/")["Location"] == "/login/"
    assert not DataExport.objects.exists()


def test_the_page_says_how_far_it_is(zoe: User) -> None:
    browser = visitor(zoe)
    assert b"Put it together" in browser.get("/account/data/").content
    browser.post("/account/data/")
    assert b"<progress" in browser.get("/account/data/").content
    work_off()

    assert b"Download (ZIP)" in browser.get("/account/data/").content


def test_its_owner_is_told_once_it_is_ready(ready: User) -> None:
    expand_events()

    assert Job.objects.filter(task="notifications.tell_of_my_data").count() == 1


def test_killed_before_it_is_stored_it_is_put_together_again(zoe: User) -> None:
    ask_for_my_data(user_id=zoe.pk)
    with mock.patch.object(writing, "file_path_away", side_effect=OSError("killed")):
        assert work_off().state == "pending"

    assert work_off().state == "done"
    assert DataExportFile.objects.count() == 1


def test_it_is_deleted_after_a_week(ready: User) -> None:
    file = DataExportFile.objects.get()
    week = timedelta(days=7, seconds=1)
    DataExport.objects.update(ready_at=F("ready_at") - week, asked_at=F("asked_at") - week)
    assert visitor(ready).get("/account/data/file/").status_code == 404

    assert forget_old_data() == 1
    assert not DataExport.objects.exists()
    with pytest.raises(FileNotFoundError):
        file.open()


def test_one_that_came_to_nothing_can_be_asked_for_again(zoe: User) -> None:
    ask_for_my_data(user_id=zoe.pk)
    expand_events()
    Job.objects.filter(task="reports.write_my_data").update(state="dead")
    browser = visitor(zoe)
    assert b"could not be put together" in browser.get("/account/data/").content
    browser.post("/account/data/")

    assert DataExport.objects.count() == 2
