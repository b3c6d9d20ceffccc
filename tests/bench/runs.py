"""Paying orders in a running system, and waiting until the external services have everything."""

import os
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial

from launcher.servers.process import Process
from orders.selectors import order_by_id
from tests.baselines.in_a_row import adding_up, do_the_rest
from tests.bench import truth
from tests.bench.processes import cpu_seconds
from tests.bench.producer import Placed, paid_at, pay, place_orders
from tests.bench.results import Run
from tests.bench.stage import Stage, ask
from tests.bench.systems import System, paying_with_nothing
from tests.rig.journals import accepted
from tests.rig.stand_alone import Servers
from tests.rig.waiting import eventually

Roles = dict[str, list[Process]]
# Written out, so that the ledger's own partial indexes answer it, however many rows are done.
QUIET = """
SELECT NOT EXISTS (SELECT FROM deferral_job WHERE state IN ('pending', 'running'))
   AND NOT EXISTS (SELECT FROM deferral_job WHERE state = 'waiting')
"""
SILENCE = 180.0  # seconds for one more order to be whole, before something is wrong


class Running:
    """One system, started and warm."""

    def __init__(self, stage: Stage, system: System, servers: Servers) -> None:
        self.stage, self.system = stage, system
        self.roles = system.start(stage) | roles_of(servers)
        self.run(orders=8)

    def run(self, *, orders: int, tickets: int = 2, per_second: float = 0) -> Run:
        """Pay so many orders and wait for their effects. Differs when one is missing or doubled."""

        def work(placed: list[Placed]) -> None:
            with self.system.paying():
                pay(placed, per_second=per_second)
            settle(self.stage, [order.number for order in placed])

        return measured(self.stage, self.roles, place_orders(orders, tickets=tickets), work)


def alone(stage: Stage, servers: Servers, *, orders: int) -> Run:
    """The same services in this process, one after the other: what no machinery can go below."""

    def work(placed: list[Placed]) -> None:
        with paying_with_nothing():
            for order in placed:
                pay([order])
                with adding_up():
                    do_the_rest(order_by_id(order.id))

    measured(stage, roles_of(servers), place_orders(4), work)
    return measured(stage, roles_of(servers), place_orders(orders), work)


def measured(
    stage: Stage, roles: Roles, placed: list[Placed], work: Callable[[list[Placed]], None]
) -> Run:
    """What the work cost, once client, rows and books have been found to agree."""
    before, began = spent(roles), time.time()
    work(placed)
    after = spent(roles)
    ledger, numbers = stage.journals(), {order.number for order in placed}
    truth.whole(ledger, numbers)
    mails, paid = truth.moments(ledger, numbers, "mail"), paid_at(placed)
    truth.same("orders", client=len(placed), rows=len(paid), mails=len(mails))
    return Run(
        orders=len(placed),
        seconds=max(truth.moments(ledger, numbers).values()) - began,
        cpu={role: after[role] - before[role] for role in after},
        to_mail=[mails[number] - paid[number] for number in numbers],
    )


def roles_of(servers: Servers) -> Roles:
    """What everybody uses."""
    return {"broker": [servers.valkey], "PostgreSQL": [servers.postgres]}


def spent(roles: Roles) -> dict[str, float]:
    """Seconds of CPU by role; `producer` is this process."""
    times = os.times()
    found = {role: sum(cpu_seconds(each.pid) for each in group) for role, group in roles.items()}
    return found | {"producer": times.user + times.system}


def settle(stage: Stage, numbers: Sequence[str]) -> None:
    """Wait until every order is whole in the books, and nothing is open in the ledger.

    Looks at one order after the other: cheap, and nothing is asked of the system itself.
    """
    for number in numbers:
        eventually(partial(has_all, stage, number), patience=SILENCE, show=stage.logs)
    eventually(partial(ask, QUIET), patience=SILENCE, show=stage.logs)


def has_all(stage: Stage, number: str, but: Collection[str] = ()) -> bool:
    """Whether the external services have of the order what they must. `but`: not asked of these."""
    found = accepted(stage.sandbox, number)
    return all(effect in found for effect in truth.owed_but(but))
