"""The shop's real processes, to be killed, and orders that must survive it."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from deferral.events import DomainEvent, publish
from deferral.models import Event, Job
from orders.drafts import Draft, DraftLine
from orders.models import Order
from shop.checkout import check_out
from shop.models import Product
from tests.probes.events import Poked
from tests.rig.journals import accepted, journals, repeats
from tests.rig.owed_effects import once_each, when_paid
from tests.rig.processes import Processes
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import PATIENCE, eventually

SETTLED = {*Job.SETTLED, Job.State.DEAD}


@dataclass(kw_only=True)
class RunningShop(Processes):
    """The processes, the external services they talk to, and what a test does to them."""

    sandbox: Sandbox

    def crash_at(self, step: str, victim: str = "child") -> dict[str, str]:
        """Have the next process die at the named step, of those that run with this setting.

        `worker`: with it the one that started it. `thread`: the next that runs with the setting for
        thread workers.
        """
        folder = self.crash_folder(victim)
        (folder / step).write_text(victim)
        return {"CRASHPOINT": str(folder)}

    def crash_folder(self, victim: str) -> Path:
        """Where these look whether they shall die."""
        folder = self.scratch / ("crash-threads" if victim == "thread" else "crash-processes")
        folder.mkdir(exist_ok=True)
        return folder

    def crashes(self, step: str = "*") -> int:
        """How often a process has died at that step, or at any."""
        return len(list(self.scratch.glob(f"crash-*/{step}.died-*")))

    def wait_for_crash(self) -> None:
        """Until a process has died at its crash point."""
        self.ready()
        eventually(lambda: self.crashes() > 0)

    def order(
        self,
        *,
        tickets: int = 2,
        email: str = "ada@example.org",
        method: str = "pm_card_visa",
        outcome: str = "captured",
    ) -> Order:
        """Buy a print, some tickets and a download, and pay."""
        self.ready()
        found = check_out(draft=draft(tickets=tickets, email=email), method=method)
        assert found.outcome == outcome
        return found.order

    def publish(self, fact: DomainEvent) -> None:
        """Let it have happened."""
        self.ready()
        with transaction.atomic():
            publish(fact, subject="probe:1")

    def poke(self, probe: str, name: str, *, settled: str = "done", patience: float = 30) -> Job:
        """Run one of the probes, and wait until its job is over."""
        self.publish(Poked(name=name, probe=probe))
        return self.wait_for(f"{probe}:{name}", settled=settled, patience=patience)

    def wait_for(self, key: str, *, settled: str = "done", patience: float = PATIENCE) -> Job:
        """The job, once it is settled so."""
        self.ready()
        rows = Job.objects.filter(key=key)
        eventually(rows.filter(state=settled).exists, patience=patience, show=self.logs)
        return rows.get()

    def marks(self, name: str) -> int:
        """How often a probe was run under this name."""
        path = self.scratch / name
        return len(path.read_text().splitlines()) if path.exists() else 0

    def settle(self, order: Order, patience: float = PATIENCE) -> None:
        """Wait until everything about the order is over."""
        self.ready()
        eventually(lambda: is_settled(order), patience=patience, show=lambda: self.picture(order))

    def picture(self, order: Order) -> str:
        """The order's jobs and the ends of all logs, for a failure's message."""
        return f"{picture(order)}\n{self.logs()}"

    def accepted(self, order: Order) -> dict[tuple[str, str], int]:
        """What the external services have in their books about it."""
        return accepted(self.sandbox, order.number)

    def repeats(self, order: Order) -> int:
        """How often an external service got what it had already."""
        return repeats(journals(self.sandbox, order.number), {order.number})


# What every order of `RunningShop.order` owes the world.
EFFECTS = once_each(when_paid("print_room", "box_office"))


def draft(*, tickets: int, email: str) -> Draft:
    """A basket of three kinds."""
    wanted = {"print": 1, "ticket": tickets, "download": 1}
    lines = []
    for category, quantity in wanted.items():
        product = Product.objects.filter(category=category).order_by("-available", "sku")[0]
        lines.append(
            DraftLine(
                sku=product.sku,
                kind=category,
                title=product.title,
                detail=product.subtitle,
                unit_cents=product.price_cents,
                quantity=quantity,
                tax_basis_points=product.tax_basis_points,
            )
        )
    return Draft(
        checkout_key=uuid.uuid4(),
        name="Ada",
        email=email,
        address="1 Quay",
        lines=tuple(lines),
        shipping_cents=450,
    )


def is_settled(order: Order) -> bool:
    """Nothing about it is open, no event and no job. One look at both: they follow each other."""
    events = Event.objects.filter(subject=order.subject, state=Event.State.PENDING)
    jobs = Job.objects.filter(subject=order.subject).exclude(state__in=SETTLED)
    return not events.values("pk").union(jobs.values("pk")).exists()


def picture(order: Order) -> str:
    """The order's jobs, for a failure's message."""
    jobs = Job.objects.filter(subject=order.subject).order_by("id")
    return "\n".join(
        f"{job.key} {job.state} a{job.attempts} c{job.crashes} l{job.losses} sent={job.sent_at} "
        f"{job.errors[-1]['message'] if job.errors else ''}"
        for job in jobs
    )
