"""Poison, permanent errors, programs that hang: bounded, visible, and nobody else's trouble."""

from pathlib import Path

import pytest

from deferral.models import Job
from tests.rig.running_shop import RunningShop

pytestmark = pytest.mark.xdist_group("work-that-kills")


@pytest.fixture(scope="module")
def transactional_db(module_db: None) -> None:
    """For the whole file."""


@pytest.fixture(scope="module")
def shop(shared_shop: RunningShop) -> RunningShop:
    """Relay and worker; each test has a job of its own."""
    shared_shop.relay()
    shared_shop.worker()
    return shared_shop


def test_a_job_that_kills_its_process_three_times_is_dead(shop: RunningShop) -> None:
    job = shop.poke("poison", "p", settled="dead")

    assert shop.marks("p") == 3
    assert (job.crashes, job.losses, job.attempts) == (3, 0, 0)
    assert job.errors[-1]["kind"] == "poison"


def test_a_failing_job_is_dead_when_its_attempts_are_used_up(shop: RunningShop) -> None:
    job = shop.poke("fail", "f", settled="dead")

    assert shop.marks("f") == 3
    assert [error["kind"] for error in job.errors] == ["failed", "failed", "exhausted"]


def test_a_permanent_error_is_not_tried_again(shop: RunningShop) -> None:
    job = shop.poke("refuse", "r", settled="dead")

    assert shop.marks("r") == 1
    assert job.errors[-1]["message"] == "never"


def test_waiting_for_its_turn_costs_a_job_nothing(shop: RunningShop) -> None:
    job = shop.poke("wait_turn", "w")

    assert shop.marks("w") == 5
    assert (job.attempts, job.snoozes) == (1, 4)


def test_a_program_that_hangs_is_ended_and_its_job_alone_is_tried_again(shop: RunningShop) -> None:
    job = shop.poke("hang_in_subprocess", "h")

    assert job.attempts == 2
    assert job.errors[-1]["class"] == "SoftTimeLimitExceeded"
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if _is_left_over(path)]


def test_a_job_that_cannot_be_interrupted_is_killed_and_run_again(shop: RunningShop) -> None:
    job = shop.poke("hang_for_good", "g", patience=40)

    assert (job.epoch, job.crashes) == (2, 1)


def test_arguments_that_fit_no_signature_are_dead_at_once(shop: RunningShop) -> None:
    Job.objects.create(key="odd", subject="t", task="probes.behave", queue="critical", kwargs={})

    job = shop.wait_for("odd", settled="dead")

    assert job.attempts == 1
    assert job.errors[-1]["kind"] == "permanent"


def test_a_row_of_newer_code_waits_for_newer_code(shop: RunningShop) -> None:
    new = Job.objects.create(
        key="new", subject="t", task="probes.behave", queue="critical", schema_version=2
    )
    shop.poke("behave", "old")

    new.refresh_from_db()
    assert (new.state, new.attempts) == (Job.State.PENDING, 0)


def _is_left_over(path: Path) -> bool:
    try:
        return b"61.7" in path.read_bytes()
    except OSError:
        return False
