"""One system through one storm: the deeds of the plan while customers pay, then until all is quiet.

Processes are started by the thread that calls, and end with it (`spawn`): the main one.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.db import connection

from launcher.workers import WORKERS
from sandbox.services import SERVICES
from tests.bench.progress import say
from tests.bench.stage import Stage
from tests.bench.systems import System
from tests.proofs.chaos.crew import Crew
from tests.proofs.chaos.customers import Customers
from tests.proofs.chaos.options import Options
from tests.proofs.chaos.plan import Deed, plan
from tests.rig.emptying import empty_broker
from tests.rig.stand_alone import Servers

# The provider is not among them: what is counted is what follows a payment.
FAILING = tuple(name for name in SERVICES if name != "payment")
# Neither accepts anything, so that whatever comes twice was sent twice by us.
MODES = ("503", "reset")
TICK = 0.05
TELL_EVERY = 15.0
# Jobs that can run at once: one in each child and in each thread.
SLOTS = sum(worker.size for worker in WORKERS)


@dataclass
class Storm:
    """What is going on, and what has: `history` is printed when something is wrong."""

    stage: Stage
    servers: Servers
    options: Options
    crew: Crew
    customers: Customers
    history: list[str] = field(default_factory=list)
    wipes: int = 0
    restarts: int = 0
    is_out: bool = False  # the partner, altogether
    over_at: float = 0.0  # epoch
    began: float = field(default_factory=time.monotonic)

    def rage(self) -> None:
        """Until every order is paid and every deed is done."""
        self.customers.start()
        deeds, told = plan(self.options), 0.0
        while deeds or self.customers.is_alive():
            now = time.monotonic() - self.began
            while deeds and deeds[0].at <= now:
                self._do(deeds.pop(0))
            self.crew.start_again()
            if now > told + TELL_EVERY:
                told = now
                say(f"  {len(self.customers.paid):,} orders paid, {len(self.crew.kills)} kills")
            time.sleep(TICK)
        assert len(self.customers.paid) == self.options.orders, "a customer gave up"
        self.heal()

    def heal(self) -> None:
        """The external services behave from here on."""
        self.over_at = time.time()
        for name in FAILING:
            self.stage.sandbox.fault(name, mode="ok")
        self._note("over")

    def until(self, is_quiet: Callable[[], bool], *, patience: float) -> None:
        """Until it is quiet, or patience is at an end. Whoever dies is started again."""
        connection.close()  # the database was restarted meanwhile
        end = time.monotonic() + patience
        while time.monotonic() < end and not is_quiet():
            self.crew.start_again()
            time.sleep(TICK)

    @property
    def in_flight(self) -> int:
        """How many jobs the kills and restarts can have cut off after their effect: at most."""
        return sum(kill.jobs for kill in self.crew.kills) + SLOTS * self.restarts

    def _do(self, deed: Deed) -> None:
        if deed.act in {"child", "worker", "relay"}:
            killed = self.crew.kill(deed.act, deed.dice)
            self._note(f"kill {deed.act} {killed.pids if killed else 'nobody'}")
            return
        deeds: dict[str, Callable[[], None]] = {
            "wipe": self._wipe,
            "database": self._restart_database,
            "fail": partial(self._fail, deed.dice),
            "outage": partial(self._outage, begins=True),
            "over": partial(self._outage, begins=False),
        }
        deeds[deed.act]()
        self._note(deed.act)

    def _wipe(self) -> None:
        empty_broker()
        self.wipes += 1

    def _restart_database(self) -> None:
        self.servers.restart_database()
        self.restarts += 1

    def _fail(self, dice: float) -> None:
        chance = random.Random(dice)  # noqa: S311  see plan
        for name in FAILING:
            mode = chance.choice(MODES)
            if name != "partner" or not self.is_out:
                self.stage.sandbox.fault(name, mode=mode, rate=self.options.failing)

    def _outage(self, *, begins: bool) -> None:
        self.is_out = begins
        rate = 100 if begins else self.options.failing
        self.stage.sandbox.fault("partner", mode="503", rate=rate)

    def _note(self, what: str) -> None:
        self.history.append(f"{time.monotonic() - self.began:7.1f}  {what}")


def storm(system: System, stage: Stage, servers: Servers, options: Options) -> Storm:
    """Everything of the system started and warm; two relays where there are any."""
    stage.crew(system.app, **system.env)
    if system.has_relay:
        for start in (stage.relay, stage.relay, stage.beat):
            start(**system.env)
    stage.ready()
    return Storm(stage, servers, options, Crew(stage.started), Customers(options, system))
