"""The confirmation once more: an event and a job of its own, by whom and why."""

import pytest
from django.contrib.admin.models import LogEntry

from deferral.errors import NotAllowed
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from notifications.services import resend_confirmation
from orders.models import Order
from tests.deferral.staff import sitting


def keys() -> list[str]:
    jobs = Job.objects.filter(task="notifications.send_confirmation").order_by("id")
    return list(jobs.values_list("key", flat=True))


def ask(order: Order) -> None:
    resend_confirmation(order_id=order.pk, by="harbour", reason="lost")
    expand_events()


def test_each_is_a_job_with_a_key_of_its_own(order: Order) -> None:
    ask(order)
    ask(order)

    first = f"order_confirmation:{order.reference}"
    assert [key[:-9] for key in keys()] == [f"{first}:resend-1", f"{first}:resend-2"]
    assert len({key[-8:] for key in keys()}) == 2


def test_a_number_is_not_given_twice_when_an_old_event_has_left(order: Order) -> None:
    ask(order)
    ask(order)
    Event.objects.order_by("id").first().delete()  # type: ignore[union-attr]  # there are two

    ask(order)

    assert ":resend-3-" in keys()[-1]


def test_an_order_that_is_not_paid_is_not_confirmed(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state="cancelled")

    with pytest.raises(NotAllowed):
        ask(order)
    assert not Event.objects.exists()


def test_staff_ask_on_a_page_and_it_is_written_down(order: Order) -> None:
    staff, page = sitting(superuser=True), f"/admin/orders/order/{order.pk}/"
    assert f"{page}decide/resend/" in staff.get(f"{page}change/").content.decode()

    answer = staff.post(f"{page}decide/resend/", {"reason": "wrong folder"}, follow=True)

    shown = answer.content.decode()
    assert "will be confirmed once more" in shown
    assert "Send confirmation again: wrong folder" in shown
    assert LogEntry.objects.get().user == answer.wsgi_request.user
    assert Event.objects.get().payload.items() >= {"order_id": order.pk, "number": 1}.items()


def test_a_decision_that_cannot_be_recorded_is_not_carried_out(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.contrib.admin.ModelAdmin.log_change", full)
    with pytest.raises(ConnectionRefusedError):
        sitting(superuser=True).post(
            f"/admin/orders/order/{order.pk}/decide/resend/", {"reason": "lost"}
        )
    assert not Event.objects.exists()
