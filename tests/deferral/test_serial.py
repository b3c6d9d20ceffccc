"""Jobs of one series run in their order: a release never overtakes its reservation."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from deferral.ledger import dead_letters
from deferral.models import Job
from deferral.relay.publishing import send_due
from tests.deferral.bench import deliver, now, put, run
from tests.deferral.conftest import Queues


@pytest.mark.parametrize("state", ["waiting", "pending", "running", "dead"])
def test_a_later_job_is_neither_sent_nor_run_while_an_earlier_one_is(
    state: str, queued: Queues
) -> None:
    put("first", ordering_key="s", state=state, next_at=Now() + timedelta(hours=1))
    second = put("second", ordering_key="s")

    assert send_due() == 0
    assert deliver(second) == "ignore"
    assert now(second).state == "pending"


@pytest.mark.parametrize("state", ["done", "discarded", "expired"])
def test_a_settled_job_holds_nothing_up(state: str, queued: Queues) -> None:
    put("first", ordering_key="s", state=state)
    second = put("second", ordering_key="s")

    assert send_due() == 1
    assert run(second).state == "done"


def test_series_do_not_wait_for_each_other() -> None:
    put("first", ordering_key="s", state="dead")

    assert run(put("other", ordering_key="t")).state == "done"
    assert run(put("none")).state == "done"


def test_giving_up_the_first_lets_the_second_go(queued: Queues) -> None:
    first = put("first", ordering_key="s", state="dead")
    second = put("second", ordering_key="s")

    dead_letters.discard_jobs([first.pk], by="eva", reason="will never be")

    assert send_due() == 1
    assert run(second).state == "done"


def test_a_refused_second_is_sent_when_its_turn_comes(queued: Queues) -> None:
    first, second = put("first", ordering_key="s"), put("second", ordering_key="s", sent_at=Now())
    deliver(second)

    run(first)

    assert send_due() == 1
    assert Job.objects.filter(sent_at__isnull=False, pk=second.pk).exists()
