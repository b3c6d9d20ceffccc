"""The part of the catalogue that is about workers of threads."""

from tests.proofs.mutants.mutant import Change, Mutant

DEFERRAL = "tests/deferral"
HELD, THREADS = "deferral/database/held_session.py", f"{DEFERRAL}/test_threads.py"
SWEEP = "tests/proofs/failures/sweep/test_sweep.py::test_an_order_is_whole_after_a_death_at"
POISON = "deferral/ledger/poison.py"
COUNTED_APART = "    row.crashes += not worker_gone\n    row.losses += worker_gone\n"

OF_THREADS = (
    Mutant(
        name="holder-drops",
        off="any thread of a process may free the lock that another holds",
        changes=(
            Change(
                HELD,
                "if self._holders.get(lock) != threading.get_ident():",
                "if lock not in self._holders:",
            ),
        ),
        tests=(f"{DEFERRAL}/test_held_session.py::test_whoever_was_refused_frees_nothing",),
    ),
    Mutant(
        name="one-thread",
        off="PostgreSQL alone says who has a lock: to a session that has it, it gives it again",
        changes=(
            Change(HELD, "for lock in locks if lock not in self._holders", "for lock in locks"),
        ),
        tests=(
            f"{DEFERRAL}/test_held_session.py::test_of_several_each_thread_has_another",
            f"{THREADS}::test_a_job_that_is_hinted_twice_runs_once_and_keeps_its_lock",
        ),
    ),
    Mutant(
        name="lock-again",
        off="a session that was lost is opened anew, and locks nothing",
        changes=(Change(HELD, "self._missing = set(self._holders)", "self._missing = set()"),),
        tests=(
            f"{DEFERRAL}/test_held_session.py::test_a_session_that_is_lost_locks_again_what_is_held",
        ),
    ),
    Mutant(
        name="service-cap",
        off="one external service may take every thread of a worker",
        changes=(Change("deferral/external/pacing.py", "most is None or", "True or"),),
        tests=(f"{THREADS}::test_one_service_has_a_third_of_the_threads",),
    ),
    Mutant(
        name="connection-back",
        off="a thread keeps its connection during a call",
        changes=(Change("deferral/external/breakers.py", "        before_long_call()\n", ""),),
        tests=(f"{THREADS}::test_no_connection_is_held_during_a_call",),
    ),
    Mutant(
        name="runs-alone",
        off="what is lost with others again and again stays among them",
        changes=(Change(POISON, "        row.queue = isolation_queue()\n", ""),),
        tests=(
            (
                f"{DEFERRAL}/test_rescue.py::"
                "test_what_is_lost_a_third_time_with_others_runs_alone_from_then_on"
            ),
        ),
    ),
    Mutant(
        name="blame",
        off="whatever ran in a worker that died is taken for what killed it",
        changes=(Change(POISON, COUNTED_APART, "    row.crashes += 1\n"),),
        tests=(f"{SWEEP}[claimed-thread]",),
    ),
    Mutant(
        name="begins-nothing",
        off="a thread worker that is told to leave goes on taking jobs",
        changes=(Change("deferral/tasks.py", "if leaving.is_leaving():", "if not self.name:"),),
        tests=(f"{THREADS}::test_who_is_to_leave_begins_nothing",),
    ),
    Mutant(
        name="frees-all",
        off="a job that ends frees its own lock, and no slot that was left behind",
        changes=(
            Change(
                "deferral/ledger/locking.py",
                "holding.drop_since(before)",
                "holding.drop(job_lock(job_id))",
            ),
        ),
        tests=(
            (f"{THREADS}::test_what_else_a_job_took_and_could_not_give_back_is_free_when_it_ends"),
        ),
    ),
    Mutant(
        name="slots-apart",
        off="endpoints that follow each other share slots",
        changes=(Change("webhooks/in_flight.py", "APART = 128", "APART = 1"),),
        tests=(
            (
                "tests/webhooks/test_in_flight.py::"
                "test_an_endpoint_whose_slots_are_all_taken_has_none_of_its_neighbours"
            ),
        ),
    ),
)
