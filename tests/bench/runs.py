"""Paying orders in a running system, and waiting until the strangers have everything."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from deferral.models import Job
from tests.bench import truth
from tests.bench.processes import cpu_seconds
from tests.bench.producer import paid_at, pay, place_orders
from tests.bench.stage import Lodging, Servers
from tests.bench.systems import System
from tests.failures.house import eventually

if TYPE_CHECKING:
    from sandbox.servers.process import Process

OPEN = ("waiting", "pending", "running")
SILENCE = 180.0  # seconds for one more order to be whole, before something is wrong


@dataclass(frozen=True)
class Run:
    """What so many orders took. `cpu` is seconds by role; the sandbox's is not counted."""

    orders: int
    seconds: float
    cpu: Mapping[str, float]
    to_mail: list[float]

    @property
    def rate(self) -> float:
        """Orders a second, from the first payment to the last effect in the strangers' books."""
        return self.orders / self.seconds

    def cpu_ms(self, *roles: str) -> float:
        """Milliseconds of CPU an order, in all or in some roles."""
        return 1000 * sum(self.cpu[role] for role in roles or self.cpu) / self.orders


class Running:
    """One system, started and warm."""

    def __init__(self, house: Lodging, system: System, servers: Servers) -> None:
        self.house, self.system = house, system
        servers_by_role = {"broker": [servers.valkey], "PostgreSQL": [servers.postgres]}
        self.processes: dict[str, list[Process]] = system.start(house) | servers_by_role
        self.run(orders=8)

    def run(self, *, orders: int, tickets: int = 2, per_second: float = 0) -> Run:
        """Pay so many orders and wait for their effects. Differs when one is missing or doubled."""
        placed = place_orders(orders, tickets=tickets)
        before, began = self._cpu(), time.time()
        with self.system.paying():
            pay(placed, per_second=per_second)
        settle(self.house, [order.number for order in placed])
        after = self._cpu()
        ledger, numbers = self.house.ledger(), {order.number for order in placed}
        truth.whole(ledger, numbers)
        mails, paid = truth.moments(ledger, numbers, "mail"), paid_at(placed)
        truth.same("orders", client=len(placed), rows=len(paid), mails=len(mails))
        return Run(
            orders=orders,
            seconds=max(truth.moments(ledger, numbers).values()) - began,
            cpu={role: after[role] - before[role] for role in after},
            to_mail=[mails[number] - paid[number] for number in numbers],
        )

    def _cpu(self) -> dict[str, float]:
        spent = {
            role: sum(cpu_seconds(process.pid) for process in processes)
            for role, processes in self.processes.items()
        }
        times = os.times()
        return spent | {"producer": times.user + times.system}


def settle(house: Lodging, numbers: Sequence[str]) -> None:
    """Wait until every order is whole in the books, and nothing is open in the ledger.

    Looks at one order after the other: cheap, and nothing is asked of the system itself.
    """
    for number in numbers:
        eventually(partial(has_all, house, number), patience=SILENCE, show=house.logs)
    open_jobs = Job.objects.filter(state__in=OPEN)
    eventually(lambda: not open_jobs.exists(), patience=SILENCE, show=house.logs)


def has_all(house: Lodging, number: str) -> bool:
    """Whether the strangers have as much of the order as they must."""
    ledger: truth.Ledger = house.strangers.get(f"/ledger.json?order={number}")
    found = sum(
        int(row["accepted"]) for name, rows in ledger.items() for row in rows if name != "payment"
    )
    return found >= len(truth.OWED)
