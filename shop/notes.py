"""The sentence under a step's title: what is done, when it is tried again, what is missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deferral.models import Job
from shop.wording import PLAIN, WORDS, wait

WAITING, RUNNING, RETRYING, DONE, DEAD, UNSERVED = (
    "waiting", "running", "retrying", "done", "dead", "unserved",
)  # fmt: skip
NOBODY = "Nobody is working on this at the moment; it will be done as soon as somebody is."
DEAD_END = "This needs one of us. We have been told; your order and your payment are safe."
# A shorter wait is over before it is read.
WORTH_SAYING = timedelta(seconds=3)


def note_of(jobs: Sequence[Job], state: str, now: datetime, *, silence: str = "") -> str:
    """The sentence under the title. `silence`: what is so of somebody who is left alone."""
    words = WORDS.get(jobs[0].task, PLAIN)
    if silence and words.who and state == RETRYING:
        next_at = min(job.next_at for job in jobs if job.state == Job.State.PENDING)
        return f"{words.who} {silence}. Trying again {wait(next_at - now)}."
    if state == RETRYING:
        next_at = min(job.next_at for job in jobs if is_retrying(job))
        what = f"{words.who} did not answer." if words.who else "That did not work yet."
        return f"{what} Trying again {wait(next_at - now)}."
    if state == WAITING:
        return waiting_for(jobs, now)
    if state == DEAD:
        return f"{words.missing} {DEAD_END}".strip()
    return {RUNNING: words.doing, DONE: words.done, UNSERVED: NOBODY}[state]


def waiting_for(jobs: Sequence[Job], now: datetime) -> str:
    """Why it has not begun."""
    if any(job.state == Job.State.WAITING for job in jobs):
        return "Leaves as soon as your documents are ready."
    pause = min(job.next_at for job in jobs) - now
    return "Waiting for its turn." if pause < WORTH_SAYING else f"Due {wait(pause)}."


def is_retrying(job: Job) -> bool:
    """Tried, and to be tried again."""
    return job.state == Job.State.PENDING and job.attempts > 0
