"""The rules, which Hypothesis puts into any order: what may happen to a shop, and how it ends."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.machine.ending import end
from tests.machine.oracle import check
from tests.machine.strangers import BANK, MODES, NAMES
from tests.machine.world import World

# Where a process can be stopped or killed. `asked`: it talks to a stranger, who takes their time.
RELAY_STEPS = ("stamped", "sent", "expanded", "rescued")
WORKER_STEPS = (
    "received",
    "claimed",
    "asked",
    "stranger_told",
    "mail_accepted",
    "effect_written",
    "body_returned",
    "settled",
    "result_stored",
    "last_part_counted",
)
LEAPS = (1, 2, 5, 30, 120, 1_000, 5_000, 20_000)

some = st.integers(0, 99)
first = st.sampled_from([0, 0, 0, 1, 2, 7])


class ShopMachine(RuleBasedStateMachine):
    """`run_state_machine_as_test` runs it; a failure prints the steps that lead there."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(chords=st.booleans(), seats=st.integers(1, 3))
    def open_the_shop(self, *, chords: bool, seats: int) -> None:
        self.world.switch(chords=chords)
        self.world.buy(seats=seats)
        self.world.tick(0)

    @rule(seats=st.integers(1, 3))
    def buy(self, seats: int) -> None:
        self.world.buy(seats=seats)

    @rule(seats=st.integers(1, 2), dies=st.booleans())
    def buy_slowly(self, seats: int, *, dies: bool) -> None:
        self.world.buy(seats=seats, stop_at="asked")
        if dies:
            self.world.kill(-1, whole_worker=False)

    @rule(form=some)
    def send_the_form_again(self, form: int) -> None:
        self.world.click(form)

    @rule(order=some, refund=st.booleans())
    def close_an_order(self, order: int, *, refund: bool) -> None:
        self.world.close_order(order, refund=refund)

    @rule(relay=st.integers(0, 1))
    def tick(self, relay: int) -> None:
        self.world.tick(relay)

    @rule(relay=st.integers(0, 1), step=st.sampled_from(RELAY_STEPS), dies=st.booleans())
    def tick_halfway(self, relay: int, step: str, *, dies: bool) -> None:
        self.world.tick(relay, stop_at=step)
        if dies:
            self.world.kill_relay(relay)

    @rule(count=st.integers(1, 8), message=first)
    def deliver(self, count: int, message: int) -> None:
        for _ in range(count):
            self.world.deliver(message)

    @rule(count=st.integers(1, 8))
    def work(self, count: int) -> None:
        self.world.tick(0)
        for _ in range(count):
            self.world.deliver(0)

    @rule(message=some, step=st.sampled_from(WORKER_STEPS))
    def deliver_halfway(self, message: int, step: str) -> None:
        self.world.deliver(message, stop_at=step)

    @rule(message=some, step=st.sampled_from(("", *WORKER_STEPS)))
    def deliver_an_old_message(self, message: int, step: str) -> None:
        self.world.redeliver(message, stop_at=step)

    @rule(process=some, reconnect=st.booleans())
    def go_on(self, process: int, *, reconnect: bool) -> None:
        self.world.go_on(process, reconnect=reconnect)

    @rule(process=some, whole_worker=st.booleans())
    def kill(self, process: int, *, whole_worker: bool) -> None:
        self.world.kill(process, whole_worker=whole_worker)

    @rule()
    def wipe_the_broker(self) -> None:
        self.world.broker.wipe()

    @rule(takes=st.sampled_from([None, 0, 1, 3]))
    def broker_comes_and_goes(self, takes: int | None) -> None:
        self.world.broker.takes = takes

    @rule(who=st.sampled_from((*NAMES, BANK)), mode=st.sampled_from(MODES))
    def stranger_turns(self, who: str, mode: str) -> None:
        self.world.books.modes[who] = mode

    @rule(seconds=st.sampled_from(LEAPS))
    def time_passes(self, seconds: int) -> None:
        self.world.move_clock(seconds)

    @rule(seconds=st.sampled_from((1, 30, 600)))
    def clock_is_set_back(self, seconds: int) -> None:
        self.world.move_clock(-seconds)

    @rule(letter=some, discard=st.booleans())
    def see_to_a_dead_letter(self, letter: int, *, discard: bool) -> None:
        self.world.see_to_dead_letter(letter, discard=discard)

    @rule()
    def lose_every_session(self) -> None:
        self.world.crew.lose_sessions()

    @rule()
    def beat(self) -> None:
        self.world.beat()

    @invariant()
    def nobody_sinned(self) -> None:
        """One holder at a time, and no body before its parts: seen as it happens."""
        assert not self.world.crew.witness.sins, self.world.crew.witness.sins

    def teardown(self) -> None:
        """However it began: it ends well, and the books are right."""
        try:
            end(self.world)
            check(self.world)
        finally:
            self.world.close()
