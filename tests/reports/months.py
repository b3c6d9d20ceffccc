"""A shop's month to make statements of: orders that were paid, and what went back."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from celery import current_app
from celery.exceptions import Ignore, Retry

from deferral.ledger import dead_letters
from deferral.models import Job
from deferral.relay import expiry
from deferral.relay.expansion import expand_events
from orders.models import Order, PaymentAttempt, Refund
from reports.models import StatementRun
from reports.statements.asking import ask_for_month
from reports.statements.months import month_named
from tests.reports.paid_orders import a_line, saved
from tests.rig.jobs import LONG_DUE

BERLIN = ZoneInfo("Europe/Berlin")
LATER = datetime(2027, 1, 15, 12, tzinfo=BERLIN)


def at(*when: int, fold: int = 0) -> datetime:
    """A moment by the clock in the shop."""
    return datetime(*when, tzinfo=BERLIN, fold=fold)  # type: ignore[arg-type,misc]  # numbers


def bought(paid_at: datetime, email: str = "ada@example.org", **changes: Any) -> Order:
    """An order of 73.50, and its payment, of the same moment."""
    order = saved(a_line(), email=email, paid_at=paid_at, **changes)
    PaymentAttempt.objects.create(
        order=order,
        state=PaymentAttempt.State.CAPTURED,
        amount_cents=order.total_cents,
        card="Visa 4242",
        settled_at=paid_at,
    )
    return order


def paid_back(order: Order, cents: int, when: datetime, **changes: Any) -> Refund:
    """Money of it that is back at the customer's."""
    payment = order.payments.get()
    facts: dict[str, Any] = {"state": Refund.State.DONE, "settled_at": when, **changes}
    return Refund.objects.create(
        payment=payment, amount_cents=cents, by="eva", reason="late", requested_at=when, **facts
    )


def asked(month: str, now: datetime = LATER) -> StatementRun:
    """Ask for it, and have the relay write the jobs."""
    run = ask_for_month(month_named(month), by="eva", now=now)
    expand_events()
    return run


def work_all() -> None:
    """Whatever is due or comes due, as workers would, until nothing is pending."""
    while job := Job.objects.filter(state="pending").order_by("next_at", "id").first():
        work(job)
        expand_events()


def work(job: Job) -> None:
    """One message of it."""
    Job.objects.filter(pk=job.pk).update(next_at=LONG_DUE)
    try:
        current_app.tasks[job.task](job=job.pk)
    except (Ignore, Retry):
        return
    except Exception:  # noqa: BLE001 - Celery would catch it, too
        return


def made(month: str, now: datetime = LATER) -> StatementRun:
    """The whole month, and whoever waits for its dead letters has waited."""
    run = asked(month, now)
    work_all()
    Job.objects.filter(state="waiting").update(release_at=LONG_DUE)
    expiry.release_patient_bodies()
    work_all()
    run.refresh_from_db()
    return run


def replay_dead() -> None:
    """A person has mended what was wrong."""
    dead = Job.objects.filter(state="dead").values_list("pk", flat=True)
    dead_letters.replay_jobs(list(dead), by="eva")
    work_all()
