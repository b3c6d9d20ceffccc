"""A person pauses, resumes and cancels long jobs."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from deferral.errors import NotAllowed
from deferral.ledger import control, dead_letters
from deferral.ledger.why import why_it_waits
from deferral.long_jobs import Step, step
from deferral.models import Intervention, Job
from deferral.relay.stamping import stamp
from tests.deferral.bench import doing_long, now, put, put_join, run
from tests.deferral.test_long_jobs import again

WHO = {"by": "ada", "reason": "the printer is on fire"}


def counting(at_three: Callable[[], object]) -> Callable[[Step], None]:
    """Counts to five; something happens meanwhile."""

    def count(current: Step) -> None:
        for number in range((current.cursor or 0) + 1, 6):
            if number == 3:
                at_three()
            current.checkpoint(number, done=number)

    return count


def stopped_by(verb: Callable[..., None]) -> Job:
    """A job to which a person said this while it ran."""
    job = doing_long(lambda: step("count", counting(lambda: ask())))

    def ask() -> None:
        if not Intervention.objects.exists():
            verb(job_id=job.pk, **WHO)

    return run(job)


def test_one_that_runs_is_paused_at_its_next_checkpoint_and_goes_on_from_there() -> None:
    job = stopped_by(control.pause_job)

    assert (job.state, job.attempts, job.asked) == ("paused", 0, "")
    assert job.steps.get().cursor == 3
    assert why_it_waits(job).startswith("ada paused it: the printer is on fire.")
    control.resume_job(job_id=job.pk, **WHO)
    assert run(job).state == "done"
    actions = Intervention.objects.order_by("id").values_list("action", "by", "about")
    assert [*actions] == [("pause", "ada", "long"), ("resume", "ada", "long")]


def test_one_that_runs_is_cancelled_at_its_next_checkpoint() -> None:
    job = stopped_by(control.cancel_job)

    assert (job.state, job.asked) == ("discarded", "")
    assert job.settled_at


def test_one_that_waits_is_paused_at_once_and_nothing_sends_it() -> None:
    job = doing_long(lambda: None)
    control.pause_job(job_id=job.pk, **WHO)

    assert stamp({"bulk": 10}) == []
    assert run(job).state == "paused"


def test_one_that_waits_for_others_of_its_series_is_held_up_by_a_paused_one() -> None:
    job = doing_long(lambda: None, ordering_key="series")
    later = put("later", ordering_key="series")
    control.pause_job(job_id=job.pk, **WHO)

    assert stamp({"critical": 10}) == []
    assert why_it_waits(now(later)) == "It comes after long, which is paused."


def test_what_was_asked_of_one_whose_process_died_then_is_done_by_its_next_claim() -> None:
    job = doing_long(lambda: pytest.fail("it ran"), asked="pause")

    assert run(job).state == "paused"


def test_a_failure_does_not_put_off_what_was_asked() -> None:
    def fail() -> None:
        control.pause_job(job_id=job.pk, **WHO)
        raise OSError("now")

    job = doing_long(fail)
    assert run(job).state == "pending"
    assert run(job).state == "paused"


def test_whoever_waits_for_a_cancelled_part_goes_on_without() -> None:
    body = put_join("part")
    part = Job.objects.get(key="part")
    Job.objects.filter(pk=part.pk).update(task="bench.work_long")
    control.cancel_job(job_id=part.pk, **WHO)

    assert (now(part).state, now(body).state) == ("discarded", "pending")


def test_a_person_may_change_their_mind_before_it_has_stopped() -> None:
    job = doing_long(lambda: None, state="running", asked="pause")
    control.resume_job(job_id=job.pk, **WHO)

    assert (now(job).state, now(job).asked) == ("running", "")


@pytest.mark.parametrize("verb", [control.pause_job, control.resume_job, control.cancel_job])
@pytest.mark.parametrize("state", ["done", "dead", "discarded", "expired", "waiting"])
def test_what_is_over_or_has_not_begun_is_left_as_it_is(
    verb: Callable[..., None], state: str
) -> None:
    job = doing_long(lambda: None, state=state)

    with pytest.raises(NotAllowed, match=state):
        verb(job_id=job.pk, **WHO)
    assert (now(job).state, Intervention.objects.count()) == (state, 0)


def test_a_short_job_cannot_be_paused_and_nothing_cancelled_without_a_reason() -> None:
    with pytest.raises(NotAllowed, match="no long job"):
        control.pause_job(job_id=put("short").pk, **WHO)
    with pytest.raises(NotAllowed, match="Say why"):
        control.cancel_job(job_id=doing_long(lambda: None).pk, by="ada", reason=" ")


def test_resuming_what_nobody_paused_is_refused() -> None:
    with pytest.raises(NotAllowed, match="is not paused"):
        control.resume_job(job_id=doing_long(lambda: None).pk, **WHO)


def test_why_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    job = doing_long(lambda: None)
    assert why_it_waits(job) == "No worker serves the queue bulk."
    monkeypatch.setattr("deferral.ledger.why.unserved_queues", set)
    assert why_it_waits(job) == "It is the next of the queue bulk."
    put("before", queue="bulk", next_at=job.next_at.replace(year=2020))
    assert why_it_waits(job) == "Jobs of the queue bulk that come before it: 1."
    assert again(job).state == "done"
    assert why_it_waits(now(job)) == ""


def test_a_replay_forgets_what_was_asked_before_it_died() -> None:
    job = doing_long(lambda: None, state="dead", asked="cancel")
    dead_letters.replay_jobs([job.pk], by="ada")

    assert run(job).state == "done"


def test_what_waits_for_its_time_says_when_in_the_same_words_each_time() -> None:
    later = datetime(2027, 1, 1, 12, tzinfo=UTC)
    job = doing_long(lambda: None, next_at=later)

    assert why_it_waits(job) == "It is due at 2027-01-01 13:00:00."
