"""A partner is down, mail is refused: that job waits or dies, and everything else is done."""

import pytest

from deferral.models import Job
from tests.rig.depth import thorough
from tests.rig.running_sandbox import Sandbox
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

pytestmark = pytest.mark.xdist_group("world-fail")


@pytest.fixture(scope="module")
def transactional_db(module_db: None) -> None:
    """For the whole file."""


@pytest.fixture(scope="module")
def open_shop(shared_shop: RunningShop) -> RunningShop:
    """Relay and worker; each test has an order of its own."""
    shared_shop.relay()
    shared_shop.worker()
    return shared_shop


@pytest.fixture
def shop(open_shop: RunningShop, sandbox: Sandbox) -> RunningShop:
    """The same, every fault healed afterwards."""
    return open_shop


def test_a_partner_that_was_down_gets_everything_once_it_is_up(shop: RunningShop) -> None:
    shop.sandbox.fault("partner", mode="503")
    order = shop.order()
    told = Job.objects.filter(key=f"partner:order.completed:{order.reference}")
    eventually(lambda: told.filter(attempts__gte=1, state="pending").exists())

    shop.sandbox.fault("partner", mode="ok")
    shop.settle(order)

    assert shop.accepted(order) == EFFECTS


def test_a_reply_that_is_lost_is_not_a_second_reservation(shop: RunningShop) -> None:
    shop.sandbox.fault("box-office", mode="lost-reply")
    order = shop.order()
    told = Job.objects.filter(key=f"reserve_box_office:{order.reference}")
    eventually(lambda: told.filter(attempts__gte=1, state="pending").exists())

    shop.sandbox.fault("box-office", mode="ok")
    shop.settle(order)

    assert shop.accepted(order) == EFFECTS
    assert shop.repeats(order) == 1


def test_mail_that_is_refused_for_good_is_a_dead_letter_and_stops_nothing_else(
    shop: RunningShop,
) -> None:
    order = shop.order(email="bounce@example.org")
    shop.settle(order)

    mail = Job.objects.get(key=f"order_confirmation:{order.reference}")
    assert (mail.state, mail.attempts, mail.errors[-1]["kind"]) == ("dead", 1, "permanent")
    others = Job.objects.filter(subject=order.subject).exclude(pk=mail.pk)
    assert set(others.values_list("state", flat=True)) == {"done"}


def test_mail_that_is_refused_for_now_arrives_later(shop: RunningShop) -> None:
    shop.sandbox.fault("mail", mode="503")
    order = shop.order()
    mail = Job.objects.filter(key=f"order_confirmation:{order.reference}")
    eventually(lambda: mail.filter(attempts__gte=1, state="pending").exists())

    shop.sandbox.fault("mail", mode="ok")
    shop.settle(order)

    assert shop.accepted(order) == EFFECTS


@thorough
def test_a_charge_whose_reply_was_lost_is_found_and_its_order_is_whole(shop: RunningShop) -> None:
    order = shop.order(method="pm_sandbox_replyLost", outcome="unknown")
    shop.settle(order)

    order.refresh_from_db()
    assert order.state == "paid"
    assert shop.accepted(order) == EFFECTS
