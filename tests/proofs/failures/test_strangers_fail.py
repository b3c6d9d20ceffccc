"""A partner is down, mail is refused: that job waits or dies, and everything else is done."""

from deferral.models import Job
from tests.rig.running_shop import EFFECTS, House, eventually


def test_a_partner_that_was_down_gets_everything_once_it_is_up(house: House) -> None:
    house.relay()
    house.worker()
    house.strangers.fault("partner", mode="503")
    order = house.order()
    told = Job.objects.filter(key=f"partner:order.completed:{order.reference}")
    eventually(lambda: told.filter(attempts__gte=1, state="pending").exists())

    house.strangers.fault("partner", mode="ok")
    house.settle(order)

    assert house.accepted(order) == EFFECTS


def test_a_reply_that_is_lost_is_not_a_second_reservation(house: House) -> None:
    house.relay()
    house.worker()
    house.strangers.fault("box-office", mode="lost-reply")
    order = house.order()
    told = Job.objects.filter(key=f"reserve_box_office:{order.reference}")
    eventually(lambda: told.filter(attempts__gte=1, state="pending").exists())

    house.strangers.fault("box-office", mode="ok")
    house.settle(order)

    assert house.accepted(order) == EFFECTS
    assert house.repeats(order) == 1


def test_mail_that_is_refused_for_good_is_a_dead_letter_and_stops_nothing_else(
    house: House,
) -> None:
    house.relay()
    house.worker()

    order = house.order(email="bounce@example.org")
    house.settle(order)

    mail = Job.objects.get(key=f"order_confirmation:{order.reference}")
    assert (mail.state, mail.attempts, mail.errors[-1]["kind"]) == ("dead", 1, "permanent")
    others = Job.objects.filter(subject=order.subject).exclude(pk=mail.pk)
    assert set(others.values_list("state", flat=True)) == {"done"}


def test_mail_that_is_refused_for_now_arrives_later(house: House) -> None:
    house.relay()
    house.worker()
    house.strangers.fault("mail", mode="503")
    order = house.order()
    mail = Job.objects.filter(key=f"order_confirmation:{order.reference}")
    eventually(lambda: mail.filter(attempts__gte=1, state="pending").exists())

    house.strangers.fault("mail", mode="ok")
    house.settle(order)

    assert house.accepted(order) == EFFECTS


def test_a_charge_whose_reply_was_lost_is_found_and_its_order_is_whole(house: House) -> None:
    house.relay()
    house.worker()

    order = house.order(method="pm_sandbox_replyLost", outcome="unknown")
    house.settle(order)

    order.refresh_from_db()
    assert order.state == "paid"
    assert house.accepted(order) == EFFECTS
