"""Job rows in plain words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deferral.models import Breaker, Job
from deferral.registry import TASKS
from orders import customer_page
from orders.customer_page import STEP_WORDS
from orders.models import Order
from shop.progress import status_of
from shop.steps import Moment, Step, steps_of
from shop.wording import PAUSED, duration, euros, wait

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def a_job(state: str = "pending", task: str = "shop.reserve_warehouse", **facts: Any) -> Job:
    """A row, not saved. `failure_kind`: what came of asking last."""
    its = {"queue": TASKS[task].queue, "service": TASKS[task].service}
    values = {"key": "k", "next_at": NOW, "created_at": NOW, **its}
    failure_kind = facts.pop("failure_kind", None)
    job = Job(state=state, task=task, **(values | facts))
    job.failure_kind = failure_kind
    return job


def moment(unserved: frozenset[str] = frozenset(), **silent: str) -> Moment:
    """Now, and what is known of queues and external services."""
    return Moment(now=NOW, unserved=set(unserved), silent=silent)


def only_step(*jobs: Job, at: Moment | None = None) -> Step:
    """The one step these jobs make."""
    [step] = steps_of(Order(number="H-1", email="ada@example.org"), jobs, at or moment())
    return step


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        ([a_job("waiting")], "waiting"),
        ([a_job("pending")], "waiting"),
        ([a_job("running", attempts=1)], "running"),
        ([a_job("pending", attempts=1)], "retrying"),
        ([a_job("pending", snoozes=9)], "waiting"),
        ([a_job("done"), a_job("pending")], "running"),
        ([a_job("done"), a_job("expired"), a_job("discarded")], "done"),
        ([a_job("done"), a_job("dead"), a_job("running")], "dead"),
    ],
)
def test_a_step_shows_its_worst_news(jobs: list[Job], state: str) -> None:
    assert only_step(*jobs).state == state


@pytest.mark.parametrize(
    ("failure_kind", "said"),
    [
        ("silent", "The warehouse did not answer."),
        ("unable", "The warehouse could not take it."),
        ("busy", "The warehouse asked us to slow down."),
        (None, "That did not work yet."),
        ("of newer code", "That did not work yet."),
    ],
)
def test_what_came_of_asking_is_said_with_the_time_of_the_next_try(
    failure_kind: str | None, said: str
) -> None:
    step = only_step(
        a_job(attempts=1, failure_kind=failure_kind, next_at=NOW + timedelta(seconds=4.2))
    )

    assert step.note == f"{said} Trying again in 4 s."
    assert step.aside == "try 2"


@pytest.mark.parametrize(
    ("state", "task", "note"),
    [
        ("done", "notifications.send_confirmation", "Sent to ada@example.org."),
        ("running", "notifications.send_confirmation", "Sending to ada@example.org."),
        ("waiting", "notifications.send_confirmation", "Leaves as soon as your documents are"),
        ("pending", "shop.reserve_warehouse", "Waiting for its turn."),
        ("running", "shop.reserve_warehouse", "Having your goods set aside."),
        ("done", "shop.reserve_warehouse", "Your goods are set aside."),
        (
            "dead",
            "shop.reserve_warehouse",
            "The warehouse has not set your goods aside. This",
        ),
        (
            "dead",
            "reports.write_receipt",
            "Your receipt is missing; once it is written, it",
        ),
        (
            "dead",
            "orders.refund_payment",
            "Your money has not gone back yet. This needs",
        ),
    ],
)
def test_each_state_says_what_is_done_or_missing(state: str, task: str, note: str) -> None:
    assert only_step(a_job(state, task=task)).note.startswith(note)


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_what_is_called_off_is_not_told_as_if_it_were_not(state: str) -> None:
    order = Order(number="H-1", state=state)
    jobs = [
        a_job("done", task="reports.write_ticket", key="ticket:1:1"),
        a_job("done", task="shop.reserve_box_office"),
        a_job("done", task="reports.write_receipt", key="receipt:1"),
        a_job("done", task="notifications.send_confirmation"),
    ]
    ticket, receipt, mail, seats = steps_of(order, jobs, moment())

    assert (ticket.note, ticket.links) == ("No longer valid.", ())
    assert seats.note == "Done before the order was called off."
    assert mail.note == "Nothing is sent any more: the order was called off."
    assert [name for name, _ in receipt.links] == ["receipt-H-1.pdf"]


def test_every_step_a_customer_sees_has_words_of_its_own() -> None:
    assert {task for task, spec in TASKS.items() if spec.step} == set(STEP_WORDS)
    assert all(STEP_WORDS[task].button for task, spec in TASKS.items() if spec.link)


def test_a_task_whose_app_says_nothing_shows_in_plain_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(customer_page, "STEP_WORDS", {})
    step = only_step(a_job("running", task="reports.write_receipt", key="receipt:1"))

    assert (step.title, step.note) == ("Receipt", "In progress.")


def test_a_task_of_an_app_that_is_absent_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {name: spec for name, spec in TASKS.items() if name.startswith("shop.")}
    job = a_job("done", task="reports.write_receipt", key="receipt:1")
    monkeypatch.setattr("shop.steps.work.TASKS", ours)

    assert steps_of(Order(number="H-1"), [job], moment()) == []


def test_who_is_not_called_is_named_with_since_when() -> None:
    silent = moment(warehouse="has not answered since 14:00")
    tried = a_job(attempts=2, next_at=NOW + timedelta(seconds=30))
    parked = a_job(next_at=NOW + timedelta(seconds=30))

    for job in (tried, parked):
        step = only_step(job, at=silent)
        assert step.state == "retrying"
        assert step.note == "The warehouse has not answered since 14:00. Trying again in 30 s."
    assert only_step(a_job("done"), at=silent).note == "Your goods are set aside."


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"failure_kind": "silent"}, "has not answered since 15:00"),
        ({"failure_kind": "unable"}, "has not been able to take anything since 15:00"),
        ({"failure_kind": "busy"}, "asked us at 15:00 to slow down"),
        ({"failure_kind": "silent", "override": "open"}, PAUSED),
        ({"failure_kind": ""}, PAUSED),
        ({"failure_kind": "silent", "failing_since": None}, PAUSED),
    ],
)
def test_whoever_is_not_called_is_so_for_a_reason_which_is_said(
    facts: dict[str, Any], said: str
) -> None:
    assert status_of(Breaker(**({"failing_since": NOW} | facts))) == said


def test_who_is_held_by_staff_promises_no_time() -> None:
    step = only_step(a_job(), at=moment(warehouse=PAUSED))

    assert step.note.startswith("The warehouse cannot be asked at the moment. Nothing is lost")


def test_what_is_held_back_says_how_long() -> None:
    assert only_step(a_job(next_at=NOW + timedelta(seconds=40))).note == "Due in 40 s."


def test_a_seat_keeps_its_number_whichever_is_ready_first() -> None:
    jobs = [
        a_job(state, task="reports.write_ticket", id=n, key=f"ticket:1:{n}")
        for n, state in enumerate(("running", "done", "done"), 1)
    ]

    assert [name for name, _ in only_step(*jobs).links] == ["2 of 3", "3 of 3"]
    assert only_step(*jobs).button is None


def test_of_several_tries_the_next_is_told() -> None:
    later, sooner = (a_job(attempts=1, next_at=NOW + timedelta(seconds=n)) for n in (50, 9))

    assert only_step(later, sooner).note.endswith("Trying again in 9 s.")


def test_a_queue_nobody_serves_is_said() -> None:
    step = only_step(a_job(), at=moment(frozenset({"partners"})))

    assert step.state == "unserved"
    assert step.note.startswith("Nobody is working on this at the moment;")


def test_a_queue_nobody_serves_does_not_matter_to_what_runs_or_is_done() -> None:
    nobody = moment(frozenset({"partners"}))

    assert only_step(a_job("done"), at=nobody).state == "done"
    assert only_step(a_job("running"), at=nobody).state == "running"


def test_what_is_none_of_the_customers_business_is_no_step() -> None:
    jobs = [a_job(task="notifications.count_sale"), a_job(task="shop.release_stock")]

    assert steps_of(Order(number="H-1"), jobs, moment()) == []


def test_a_task_of_newer_code_is_no_step() -> None:
    service = a_job()
    service.task = "shop.not_written_yet"

    assert steps_of(Order(number="H-1"), [service], moment()) == []


def test_of_webhooks_the_first_to_our_partner_is_a_step_and_no_other() -> None:
    """A customer has no business with whom else we tell, and how often."""
    task, key = "webhooks.deliver_webhook", "partner:order.completed:17"
    others = ("acme:order.completed:17", f"{key}:resend-1", f"{key}:recovered-5")
    jobs = [a_job("done", task=task, key=key, id=1)]
    jobs += [a_job(task=task, key=other, attempts=2, id=n) for n, other in enumerate(others, 2)]

    step = only_step(*jobs)

    assert (step.title, step.state) == ("Our partner", "done")


def test_a_webhook_that_never_arrived_does_not_concern_customers() -> None:
    key = "partner:order.completed:17"
    dead = a_job("dead", task="webhooks.deliver_webhook", key=key)

    assert steps_of(Order(number="H-1"), [dead], moment()) == []


def test_documents_come_first_and_the_mail_after_them() -> None:
    jobs = [
        a_job(task="webhooks.deliver_webhook", key="partner:order.completed:17", id=1),
        a_job(id=2),
        a_job("waiting", task="notifications.send_confirmation", is_body=True, id=3),
        a_job(task="reports.write_receipt", id=4),
    ]
    steps = steps_of(Order(number="H-1"), jobs, moment())

    assert [step.title for step in steps] == [
        "Receipt", "Confirmation e-mail", "Warehouse", "Our partner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shown", "until"),
    [
        (0.44, "0.4 s", "now"),
        (12, "12 s", "in 12 s"),
        (240, "4 min", "in 4 min"),
        (10_800, "3 h", "in 3 h"),
        (-1, "0.0 s", "now"),
    ],
)
def test_times_are_short(seconds: float, shown: str, until: str) -> None:
    length = timedelta(seconds=seconds)

    assert (duration(length), wait(length)) == (shown, until)


def test_money_is_exact() -> None:
    assert (euros(5), euros(123_450)) == ("€0.05", "€1,234.50")
