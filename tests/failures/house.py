"""The shop's real processes, to be killed: relays, workers, beat, on the test's own database."""

import contextlib
import os
import signal
import socket
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from deferral.events import DomainEvent, publish
from deferral.models import Job
from orders.drafts import Draft, DraftLine
from orders.models import Order
from sandbox.servers.process import Process, kill_group, last_lines, spawn
from shop.checkout import check_out
from shop.models import Product
from tests.probes.events import Poked
from tests.sandbox.running_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SETTLED = {*Job.SETTLED, Job.State.DEAD}
PATIENCE = 30.0


@dataclass
class House:
    """Starts processes with a scratch directory of its own, and ends them all."""

    scratch: Path
    strangers: Sandbox
    processes: list[Process] = field(default_factory=list)
    bells: list["Bell"] = field(default_factory=list)

    def relay(self, **env: str) -> Process:
        return self.start("relay", [sys.executable, "manage.py", "relay"], **env)

    def worker(self, lanes: str = "critical,partners,bulk,analytics", **env: str) -> Process:
        name = f"worker{len(self.processes)}"
        celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "-n", f"{name}@%h"]
        quiet = ["--without-gossip", "--without-mingle", "-l", "WARNING", "-c", "2"]
        return self.start(name, [*celery, "-Q", lanes, *quiet], **env)

    def start(self, name: str, command: list[str], **env: str) -> Process:
        """Start a process; whatever the test does next waits until it is ready."""
        bell = Bell(self.scratch / f"{name}-{len(self.processes)}")
        whole = os.environ | self.environment() | {"NOTIFY_SOCKET": str(bell.path)} | env
        process = spawn(command, log=self.scratch / f"{name}.log", env=whole, cwd=ROOT)
        bell.process = process
        self.processes.append(process)
        self.bells.append(bell)
        return process

    def ready(self) -> None:
        """Wait until everything that was started has said that it is ready (sd_notify)."""
        while self.bells:
            assert self.bells.pop().heard(), self.logs()

    def environment(self) -> dict[str, str]:
        """The test database, by its real name; crashes count from the first second."""
        name = connection.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"].replace("/halyard?", f"/{name}?")
        return {
            "DATABASE_URL": url,
            "EXTRA_APPS": "tests.probes",
            "CRASH_GRACE": "0",
            "PROBE_DIR": str(self.scratch),
        }

    def crash_at(self, name: str, victim: str = "child", times: int = 1) -> dict[str, str]:
        """The setting that makes a process die at the named step."""
        folder = self.scratch / f"crash-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        return {"CRASHPOINT": f"{name} {victim} {times} {folder}"}

    def crashes(self) -> int:
        """How often a process has died at its crash point."""
        return len(list(self.scratch.glob("crash-*/died-*")))

    def wait_for_crash(self) -> None:
        """Until a process has died at its crash point."""
        self.ready()
        eventually(lambda: self.crashes() > 0)

    def close(self) -> None:
        """End every process at once: nothing of this test may touch the next one's rows."""
        for process in self.processes:
            kill_group(process)
            process.wait()
        for bell in self.bells:
            bell.channel.close()

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

    def logs(self) -> str:
        """The ends of all logs."""
        found = sorted(self.scratch.glob("*.log"))
        return "\n".join(f"{log.name}:\n{last_lines(log)[-3000:]}" for log in found)

    def accepted(self, order: Order) -> dict[tuple[str, str], int]:
        """(stranger, effect) -> how many keys it was accepted under, in the strangers' books."""
        counts: Counter[tuple[str, str]] = Counter()
        for stranger, row in self.book(order):
            counts[stranger, row["effect"]] += row["accepted"]
        return dict(+counts)

    def repeats(self, order: Order) -> int:
        """How often a stranger got what it had already."""
        return sum(row["repeats"] for _, row in self.book(order))

    def book(self, order: Order) -> list[tuple[str, dict[str, Any]]]:
        """The order's rows in the strangers' books, each with its stranger's name."""
        book = self.strangers.get(f"/ledger.json?order={order.number}")
        return [(stranger, row) for stranger, rows in book.items() for row in rows]


class Bell:
    """The supervisor's end of sd_notify."""

    process: Process

    def __init__(self, path: Path) -> None:
        self.path = path
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.channel.bind(str(path))
        self.channel.settimeout(0.1)

    def heard(self) -> bool:
        """Whether it said READY=1 before it died, and in time."""
        until = time.monotonic() + PATIENCE
        with contextlib.closing(self.channel):
            while self.process.poll() is None and time.monotonic() < until:
                with contextlib.suppress(TimeoutError):
                    return self.channel.recv(64) == b"READY=1"
        return False


# What every paid order of `House.order` owes the world, each exactly once.
EFFECTS = {
    ("payment", "charge"): 1,
    ("print-room", "reservation"): 1,
    ("box-office", "reservation"): 1,
    ("partner", "order.completed"): 1,
    ("analytics", "order_paid"): 1,
    ("crm", "contact"): 1,
    ("audit-archive", "order_paid"): 1,
    ("mail", "Your order"): 1,
}


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
    """Expanded, audited and nothing open."""
    states = Job.objects.filter(subject=order.subject).values_list("state", flat=True)
    filed = Job.objects.filter(subject=order.subject, task="reports.file_audit").exists()
    return filed and all(state in SETTLED for state in states)


def picture(order: Order) -> str:
    """The order's jobs, for a failure's message."""
    jobs = Job.objects.filter(subject=order.subject).order_by("id")
    return "\n".join(
        f"{job.key} {job.state} a{job.attempts} c{job.crashes} l{job.losses} sent={job.sent_at} "
        f"{job.errors[-1]['message'] if job.errors else ''}"
        for job in jobs
    )


def eventually(
    happened: Callable[[], bool],
    *,
    patience: float = PATIENCE,
    show: Callable[[], str] = lambda: "",
) -> None:
    """Look until it happened; fail with a picture when it does not."""
    until = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < until, f"not within {patience} s:\n{show()}"
        time.sleep(0.05)


def kill(process: Process) -> None:
    """SIGKILL to the main process alone."""
    process.send_signal(signal.SIGKILL)
    process.wait()
