"""What is switched off, by which change of the source, and which tests must notice."""

from collections.abc import Iterable

from tests.proofs.mutants.accounts import OF_ACCOUNTS
from tests.proofs.mutants.campaigns import OF_CAMPAIGNS
from tests.proofs.mutants.contact import OF_CONTACT
from tests.proofs.mutants.exports import OF_EXPORTS
from tests.proofs.mutants.fan_out import OF_FAN_OUT
from tests.proofs.mutants.files import OF_FILES
from tests.proofs.mutants.films import OF_FILMS
from tests.proofs.mutants.imports import OF_IMPORTS
from tests.proofs.mutants.logins import OF_LOGINS
from tests.proofs.mutants.long_jobs import OF_LONG_JOBS
from tests.proofs.mutants.mutant import Change, Mutant
from tests.proofs.mutants.pictures import OF_PICTURES
from tests.proofs.mutants.returns import OF_RETURNS
from tests.proofs.mutants.reviews import OF_REVIEWS
from tests.proofs.mutants.searches import OF_SEARCHES
from tests.proofs.mutants.shipments import OF_SHIPMENTS
from tests.proofs.mutants.thread_endings import OF_THREADS_ENDS
from tests.proofs.mutants.thread_workers import OF_THREADS
from tests.proofs.mutants.warming import OF_WARM_PAGES

DEFERRAL = "tests/deferral"
FENCES, EXPANSION = f"{DEFERRAL}/test_fence.py", f"{DEFERRAL}/test_expansion.py"
KILLING = "tests/proofs/failures/test_work_that_kills.py"
SWEEP = "tests/proofs/failures/sweep/test_sweep.py::test_an_order_is_whole_after_a_death_at"
CLAIMS, SETTLING, BODIES = (
    "deferral/ledger/claims.py",
    "deferral/ledger/settling.py",
    "deferral/ledger/bodies.py",
)
SENDING, RELAY = "deferral/relay/publishing.py", "deferral/relay/loop.py"
READ_BEFORE = "(SELECT open_parts FROM deferral_job c WHERE c.id = b.id)"
WHEN_LAST, WHEN_LAST_READ_BEFORE = (
    f"CASE WHEN {count} = counted.parts" for count in ("b.open_parts", READ_BEFORE)
)
FENCE = "id = %(id)s AND epoch = %(epoch)s AND worker = %(worker)s AND state"
COUNT_DEATHS = "    row.crashes += not worker_gone\n    row.losses += worker_gone\n"
ANNOUNCE = """    publish(OrderPaid(order_id=order.pk), subject=order.subject)
    crashpoint("paid_written")
"""
ANNOUNCE_LATER = """
    def announce() -> None:
        crashpoint("paid_written")
        with transaction.atomic():
            publish(OrderPaid(order_id=order.pk), subject=order.subject)

    transaction.on_commit(announce)
"""
WITHIN = "            self._write_done()\n            crashpoint"
AFTERWARDS = "        self._write_done()\n        crashpoint"
PROBE = "bool(asked.update(probe_until=Now() + rules.PROBE_LEASE))"
ANOTHERS_CALL = "test_a_deadline_of_before_does_not_cut_whoever_has_the_connection_now"
DELIVERYS = "key=delivery.webhook_id,"
WEBHOOK = "tests/shop/test_payment_webhook.py"
KEY = "models.CharField(max_length=200, unique=True)"
ANY_KEY = "models.CharField(max_length=200)"

MUTANTS = (
    Mutant(
        name="fence",
        off="settling asks neither for the epoch nor for the worker",
        changes=(Change(SETTLING, FENCE, "id = %(id)s AND state"),),
        tests=(
            f"{FENCES}::test_whoever_lost_the_fence_changes_nothing",
            f"{DEFERRAL}/test_rescue.py::test_a_job_taken_over_cannot_be_finished_by_the_first",
        ),
    ),
    Mutant(
        name="lock",
        off="a claim takes no advisory lock",
        changes=(Change(CLAIMS, "coalesce(pg_try_advisory_lock(%(lock)s), true)", "%(lock)s > 0"),),
        tests=(f"{FENCES}::test_a_claim_is_committed_before_the_work_and_locked_during_it",),
    ),
    Mutant(
        name="unique-key",
        off="two jobs may have one key",
        changes=(
            Change("deferral/models/jobs.py", f"key = {KEY}", f"key = {ANY_KEY}"),
            Change("deferral/migrations/0001_initial.py", f"'key', {KEY}", f"'key', {ANY_KEY}"),
        ),
        tests=(f"{EXPANSION}::test_a_key_that_another_relay_is_just_writing_is_not_written_twice",),
    ),
    Mutant(
        name="attempts",
        off="a claim does not count the attempt: what fails is tried for ever",
        changes=(Change(CLAIMS, "attempts = j.attempts + 1, worker", "worker"),),
        tests=(f"{DEFERRAL}/test_outcomes.py::test_the_last_attempt_buries",),
    ),
    Mutant(
        name="crashes",
        off="a death is not counted: what kills its process is run for ever",
        changes=(Change("deferral/ledger/poison.py", COUNT_DEATHS, ""),),
        tests=(f"{KILLING}::test_a_job_that_kills_its_process_three_times_is_dead",),
    ),
    Mutant(
        name="join-count",
        off="the last part is found by a count read before the body's row is locked",
        changes=(
            Change(BODIES, "= b.open_parts - counted", f"= {READ_BEFORE} - counted"),
            Change(BODIES, f"state = {WHEN_LAST}", f"state = {WHEN_LAST_READ_BEFORE}"),
        ),
        tests=(f"{DEFERRAL}/test_joins.py::test_a_last_part_waits_for_one_that_is_being_settled",),
    ),
    Mutant(
        name="one-commit",
        off="an effect of our own commits first, and `done` afterwards",
        changes=(Change("deferral/running.py", WITHIN, AFTERWARDS),),
        tests=(f"{FENCES}::test_whoever_lost_the_fence_changes_nothing",),
    ),
    Mutant(
        name="stamp-first",
        off="hints are sent first; that they were is committed afterwards",
        changes=(
            Change(SENDING, "def send_due(", "@transaction.atomic\ndef send_due("),
            Change(SENDING, "import connection\n", "import connection, transaction\n"),
        ),
        tests=(f"{DEFERRAL}/test_sending.py::test_a_hint_is_stamped_before_it_is_sent",),
    ),
    Mutant(
        name="event-with-cause",
        off="a payment commits first, and is announced afterwards",
        changes=(Change("orders/services/paid.py", ANNOUNCE, ANNOUNCE_LATER),),
        tests=(f"{SWEEP}[paid_written-child]",),
    ),
    Mutant(
        name="lost-hints",
        off="nobody looks for hints that were lost",
        changes=(Change(RELAY, "        careful(markers.give_lost_hints_again)\n", ""),),
        tests=(f"{SWEEP}[received-child]",),
    ),
    Mutant(
        name="rescue",
        off="nobody looks for jobs whose process died",
        changes=(Change(RELAY, "        careful(rescue.rescue, forgiving=forgiving)\n", ""),),
        tests=(f"{SWEEP}[claimed-child]",),
    ),
    Mutant(
        name="services-key",
        off="external services get another key with each attempt",
        changes=(
            Change(
                "deferral/external/http.py", '-Key": key', '-Key": f"{key}:{datetime.now(UTC)}"'
            ),
        ),
        tests=(f"{DEFERRAL}/test_services.py::test_what_is_accepted_is_told_once_under_its_key",),
    ),
    Mutant(
        name="deadlines",
        off="nobody cuts what lasts too long",
        changes=(
            Change(
                "deferral/external/deadlines.py",
                "heapq.heappop(kept)[2].strike()",
                "heapq.heappop(kept)",
            ),
        ),
        tests=(f"{DEFERRAL}/test_deadlines.py::test_who_waits_for_silence_is_told_of_its_end",),
    ),
    Mutant(
        name="left-alone",
        off="a connection goes back to its pool under the deadline of whoever had it",
        changes=(Change("deferral/external/sessions.py", "conn.leave()", "pass"),),
        tests=(f"{DEFERRAL}/test_sessions.py::{ANOTHERS_CALL}",),
    ),
    Mutant(
        name="webhook-id",
        off="the partner's webhook has another id with each attempt",
        changes=(Change("webhooks/deliveries.py", DELIVERYS, "key=f'{time.time()}',"),),
        tests=(f"{SWEEP}[webhook_accepted-thread]",),
    ),
    Mutant(
        name="one-probe",
        off="everybody who finds a breaker half-open calls at once",
        changes=(
            Change("deferral/external/rows.py", f"return {PROBE}", f"return {PROBE} or True"),
        ),
        tests=(f"{DEFERRAL}/test_breakers.py::test_of_many_who_ask_at_once_one_makes_the_probe",),
    ),
    Mutant(
        name="notice-once",
        off="what the payment provider tells again has a job again",
        changes=(Change("deferral/inbox/receiving.py", "    if is_new:\n", "    if row:\n"),),
        tests=(f"{WEBHOOK}::test_it_is_stored_once_with_its_job_however_often_it_is_told",),
    ),
    *OF_THREADS,
    *OF_THREADS_ENDS,
    *OF_CAMPAIGNS,
    *OF_ACCOUNTS,
    *OF_LOGINS,
    *OF_CONTACT,
    *OF_RETURNS,
    *OF_WARM_PAGES,
    *OF_LONG_JOBS,
    *OF_FILES,
    *OF_IMPORTS,
    *OF_EXPORTS,
    *OF_FAN_OUT,
    *OF_PICTURES,
    *OF_REVIEWS,
    *OF_SEARCHES,
    *OF_FILMS,
    *OF_SHIPMENTS,
)


def named_tests(mutants: Iterable[Mutant]) -> tuple[str, ...]:
    """All their tests, each once."""
    return tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
