"""The part of the catalogue that is about long jobs."""

from tests.proofs.mutants.mutant import Change, Mutant

ROWS, STEPS = "deferral/ledger/steps.py", "deferral/long_jobs/steps.py"
LONG, CONTROL = "tests/deferral/test_long_jobs.py", "tests/deferral/test_control.py"
KILLED = "tests/proofs/failures/test_long_jobs.py"

OF_LONG_JOBS = (
    Mutant(
        name="step-fence",
        off="a process that was overtaken writes its steps all the same",
        changes=(Change(ROWS, "    WHERE {FENCED}", "    WHERE id = %(id)s"),),
        tests=(f"{LONG}::test_what_another_worker_took_over_writes_neither_step_nor_effect",),
    ),
    Mutant(
        name="step-cursor",
        off="a step that is called again begins anew",
        changes=(Change(STEPS, "return self._now.cursor", "return None"),),
        tests=(
            f"{LONG}::test_a_step_that_failed_goes_on_from_its_last_checkpoint",
            f"{KILLED}::test_a_worker_that_is_killed_again_and_again_starts_nothing_over",
        ),
    ),
    Mutant(
        name="step-once",
        off="a step that is over is run again",
        changes=(
            Change(
                STEPS,
                "        if current.is_over:\n            return",
                "        if not job:\n            return",
            ),
        ),
        tests=(f"{LONG}::test_a_step_that_is_over_is_never_run_again",),
    ),
    Mutant(
        name="forgiving",
        off="deaths count against a long job although it gets on",
        changes=(Change(ROWS, "CASE WHEN %(gets_on)s THEN", "CASE WHEN false THEN", times=3),),
        tests=(f"{LONG}::test_what_gets_on_is_neither_poison_nor_exhausted",),
    ),
    Mutant(
        name="asked-at-claim",
        off="what a person asked of a job whose process then died is forgotten",
        changes=(Change("deferral/tasks.py", "    stop_if_asked(claim.asked)\n", ""),),
        tests=(
            f"{CONTROL}::test_what_was_asked_of_one_whose_process_died_then_is_done_by_its_next_claim",
        ),
    ),
    Mutant(
        name="leaving-noticed",
        off="a worker that leaves finishes its long job, or is cut off",
        changes=(Change(STEPS, "        if wanted.worker_leaves:", "        if False:"),),
        tests=(
            f"{LONG}::test_a_worker_that_leaves_gives_a_long_job_back_at_its_next_checkpoint",
            f"{KILLED}::test_a_worker_that_is_told_to_leave_gives_it_back_at_its_next_checkpoint",
        ),
    ),
)
