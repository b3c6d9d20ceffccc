"""The part of the catalogue that is about how jobs in threads end, and their process."""

from tests.proofs.mutants.mutant import Change, Mutant

DEFERRAL, FAILURES = "tests/deferral", "tests/proofs/failures"
THREADS, STUCK = f"{DEFERRAL}/test_threads.py", f"{FAILURES}/test_threads_stuck.py"
STOPPED, REPLACED = f"{FAILURES}/test_threads_stopped.py", f"{FAILURES}/test_threads_replaced.py"
LIMITS, UNSETTLED = "deferral/threads/limits.py", "deferral/threads/unsettled.py"
LEAVING, TASKS = "deferral/threads/leaving.py", "deferral/tasks.py"
COUNTED, RUN = (
    "UNSETTLED.counted({}claim, seconds=spec.longest_turn)",
    "        LIMITS.run(job.claim",
)
END_AGAIN, RAISE = "                self._end(found)\n", "                raise\n"
ONLY_COLD = ' and getattr(self.celerys, "__name__", "") == COLD'

OF_THREADS_ENDS = (
    Mutant(
        name="leaves-at-once",
        off="a thread worker that is told to leave waits for its time, whatever runs",
        changes=(Change(LEAVING, "    state.should_stop =", "    _ ="),),
        tests=(f"{STOPPED}::test_who_does_nothing_leaves_at_once",),
    ),
    Mutant(
        name="gives-back",
        off="what a thread worker cannot end in time dies with it",
        changes=(Change(LEAVING, "end(UNSETTLED.now())", "end([])"),),
        tests=(f"{STOPPED}::test_what_does_not_end_in_time_is_given_back_and_nothing_begins",),
    ),
    Mutant(
        name="term-waits",
        off="on TERM too what runs is cut off after a while",
        changes=(Change("deferral/worker/stopping.py", ONLY_COLD, ""),),
        tests=(f"{STOPPED}::test_on_term_alone_what_runs_is_finished",),
    ),
    Mutant(
        name="recycles",
        off="a thread worker grows for ever",
        changes=(
            Change(
                "deferral/threads/recycling.py", "memory > settings.WORKER_MAX_MIB", "not memory"
            ),
        ),
        tests=(f"{REPLACED}::test_after_so_much_memory_too",),
    ),
    Mutant(
        name="exits",
        off="what ends a program ends the thread's attempt as if it were no error",
        changes=(
            Change(LIMITS, "except BaseException as error:", "except GeneratorExit as error:"),
        ),
        tests=(
            f"{DEFERRAL}/test_time_limits.py::test_what_would_end_a_process_ends_the_attempt",
            f"{STUCK}::test_what_would_end_a_program_is_a_failed_attempt_and_no_more",
        ),
    ),
    Mutant(
        name="no-half-start",
        off="a worker whose limits could not be started begins without",
        changes=(
            Change(
                "deferral/threads/pool.py",
                '        sys.exit(f"This worker does not start: {error!r}")',
                "        del error",
            ),
        ),
        tests=(
            (
                f"{DEFERRAL}/test_thread_pool.py::"
                "test_what_goes_wrong_as_it_begins_ends_it_rather_than_its_limits"
            ),
        ),
    ),
    Mutant(
        name="poison",
        off="a job that ends its process runs again and again",
        changes=(Change("deferral/ledger/poison.py", "POISON_CRASHES = 3", "POISON_CRASHES = 9"),),
        tests=(
            f"{STUCK}::test_after_three_times_it_is_poison",
            (
                f"{FAILURES}/test_threads_killed.py::"
                "test_poison_is_found_among_the_innocent_and_they_are_done[exit_all]"
            ),
        ),
    ),
    Mutant(
        name="hints-once",
        off="a job is claimed by each hint of it",
        changes=(
            Change(
                "deferral/ledger/claims.py",
                "AND j.state = 'pending'\n      AND (j.next",
                "AND (j.next",
            ),
        ),
        tests=(
            (
                f"{FAILURES}/test_threads_hinted_twice.py::"
                "test_many_hints_of_many_jobs_are_one_run_each"
            ),
        ),
    ),
    Mutant(
        name="stuck",
        off="a thread worker goes on with a job that nothing can end",
        changes=(Change(UNSETTLED, "if found.until < then]", "if found.until < 0]"),),
        tests=(
            (
                "tests/proofs/failures/test_threads_stuck.py::"
                "test_what_the_limit_cannot_end_is_charged_and_the_others_are_free"
            ),
        ),
    ),
    Mutant(
        name="counts-settling",
        off="a job that hangs as it settles is nobody's, and keeps its thread and its lock",
        changes=(
            Change(TASKS, f"        {COUNTED.format('')},\n", ""),
            Change(TASKS, RUN, f"        with {COUNTED.format('job.')}:\n    {RUN}"),
        ),
        tests=(
            f"{THREADS}::test_a_job_counts_until_what_was_done_is_written",
            (
                "tests/proofs/failures/test_threads_stuck.py::"
                "test_what_hangs_as_it_settles_is_given_back_before_its_lease_is_over"
            ),
        ),
    ),
    Mutant(
        name="settling-skipped",
        off="a process that ends waits for a job that hangs as it settles, and keeps the others",
        changes=(
            Change(
                "deferral/ledger/settling.py",
                "'running' FOR UPDATE OF j SKIP LOCKED",
                "'running' FOR UPDATE OF j",
            ),
        ),
        tests=(f"{THREADS}::test_one_that_hangs_as_it_settles_does_not_keep_the_others",),
    ),
    Mutant(
        name="who-lives-keeps",
        off="for one job past its lease the session of a worker that lives is ended",
        changes=(
            Change("deferral/relay/silence.py", "secs => %(silent)s", "secs => 0 * %(silent)s"),
        ),
        tests=(
            (
                f"{DEFERRAL}/test_rescue.py::"
                "test_the_session_of_a_worker_that_lives_is_not_ended_for_one_of_its_jobs"
            ),
        ),
    ),
    Mutant(
        name="ends-with-job",
        off="a limit that strikes as its job ends is left to strike the next job of the thread",
        changes=(Change(LIMITS, f"{END_AGAIN}{RAISE}", RAISE),),
        tests=(
            (
                f"{DEFERRAL}/test_time_limits.py::"
                "test_wherever_it_strikes_as_the_job_ends_nothing_of_it_stays"
            ),
        ),
    ),
)
