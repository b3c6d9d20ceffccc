"""The rules, which Hypothesis puts into any order: what may happen to a shop, and how it ends."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.proofs.machine.ending import end
from tests.proofs.machine.fates import FATES
from tests.proofs.machine.oracle import check
from tests.proofs.machine.receivers import BANK, MODES, NAMES
from tests.proofs.machine.world import World

# Where a process can be stopped. `asked`: it talks to an external service, which takes its time.
RELAY_STEPS = ("stamped", "sent", "expanded", "rescued")
WORKER_STEPS = (
    "received",
    "claimed",
    "asked",
    "service_told mail_accepted",
    "effect_written",
    "body_returned",
    "settled",
    "result_stored last_part_counted",
)
HOLDING = ("claimed", "asked", "service_told mail_accepted", "body_returned")
PAUSES = (1, 2, 5, 30, 120)
LONG_PAUSES = (1_000, 5_000, 20_000)

# Which of those there are: modulo.
some = st.integers(0, 30)
first = st.sampled_from([0, 0, 1, 3])
moods = st.dictionaries(st.sampled_from((*NAMES, BANK)), st.sampled_from(MODES))
holding = st.sampled_from(HOLDING)
fates = st.sampled_from(sorted(FATES))


class ShopMachine(RuleBasedStateMachine):
    """`run_state_machine_as_test` runs it; a failure prints the steps that lead there."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(chords=st.booleans(), seats=st.integers(1, 3), moods=moods)
    def open_the_shop(self, *, chords: bool, seats: int, moods: dict[str, str]) -> None:
        self.world.switch(chords=chords)
        self.world.buy(seats=seats)
        self.world.books.modes |= moods
        self.world.tick(0)

    @rule(seats=st.integers(1, 2))
    def buy(self, seats: int) -> None:
        self.world.buy(seats=seats)
        self.world.tick(0)

    @rule(seats=st.integers(1, 2), fate=fates)
    def buy_slowly(self, seats: int, fate: str) -> None:
        self.world.meet(fate, self.world.buy(seats=seats, stop_at="asked"))

    @rule(form=some)
    def send_the_form_again(self, form: int) -> None:
        self.world.click(form)

    @rule(order=some, refund=st.booleans())
    def close_an_order(self, order: int, *, refund: bool) -> None:
        self.world.staff.close_order(order, refund=refund)
        self.world.tick(1)

    @rule(order=some)
    def give_a_part_back(self, order: int) -> None:
        self.world.staff.give_part_back(order)
        self.world.tick(1)

    @rule(relay=st.integers(0, 1), count=st.integers(1, 8), message=first)
    def work(self, relay: int, count: int, message: int) -> None:
        self.world.work(relay, count, message)

    @rule(seconds=st.sampled_from(PAUSES), count=st.integers(0, 8))
    def work_after_a_pause(self, seconds: int, count: int) -> None:
        self.world.move_clock(seconds)
        self.world.work(1, count, 0)

    @rule(relay=st.integers(0, 1), step=st.sampled_from(RELAY_STEPS), fate=fates)
    def a_relay_stops(self, relay: int, step: str, fate: str) -> None:
        self.world.meet(fate, self.world.tick(relay, stop_at=step))

    @rule(message=some, step=st.sampled_from(WORKER_STEPS), fate=fates)
    def a_worker_stops(self, message: int, step: str, fate: str) -> None:
        self.world.tick(0)
        self.world.meet(fate, self.world.deliver(message, stop_at=step))

    @rule(message=some, step=st.sampled_from(("", *WORKER_STEPS)), fate=fates)
    def an_old_message_comes_again(self, message: int, step: str, fate: str) -> None:
        self.world.meet(fate, self.world.redeliver(message, stop_at=step))

    @rule(message=some, step=st.sampled_from((*HOLDING, "effect_written")), times=st.integers(1, 4))
    def a_job_kills_whoever_runs_it(self, message: int, step: str, times: int) -> None:
        self.world.tick(0)
        self.world.poison(message, step, times)

    @rule(message=some, step=holding, other_step=holding)
    def a_worker_is_overtaken(self, message: int, step: str, other_step: str) -> None:
        self.world.tick(0)
        self.world.overtake(message, step, other_step)

    @rule(process=some, fate=fates)
    def something_becomes_of_one_who_stands(self, process: int, fate: str) -> None:
        stopped = self.world.crew.stopped
        if stopped:
            self.world.meet(fate, stopped[process % len(stopped)])

    @rule(takes=st.sampled_from([None, 0, 1, 3]), wipe=st.booleans())
    def the_broker_fails(self, takes: int | None, *, wipe: bool) -> None:
        self.world.broker.takes = takes
        if wipe:
            self.world.broker.wipe()

    @rule(moods=moods, count=st.integers(1, 8))
    def services_turn(self, moods: dict[str, str], count: int) -> None:
        self.world.books.modes |= moods
        self.world.work(0, count, 0)

    @rule(seconds=st.sampled_from(LONG_PAUSES))
    def nothing_happens_for_long(self, seconds: int) -> None:
        self.world.move_clock(seconds)
        self.world.beat()
        self.world.tick(0)

    @rule(seconds=st.sampled_from((1, 30, 600)))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.world.move_clock(-seconds)

    @rule(which=some, discard=st.booleans())
    def a_dead_letter_is_seen_to(self, which: int, *, discard: bool) -> None:
        self.world.staff.see_to_dead_letter(which, discard=discard)

    @rule()
    def every_session_is_lost(self) -> None:
        self.world.crew.lose_sessions()

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
