"""The sentence under a step's title: what is done, when it is tried again, what is missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deferral.models import Job
from orders.customer_page import words_of
from shop.wording import ASKED, DEAD_END, NOBODY, NOT_YET, PAUSED, TRYING_AGAIN

WAITING, RUNNING, RETRYING, DONE, DEAD, UNSERVED = (
    "waiting", "running", "retrying", "done", "dead", "unserved",
)  # fmt: skip
# A shorter wait is over before it is read.
WORTH_SAYING = timedelta(seconds=3)


class Note(NamedTuple):
    """A sentence; where it tells when something is `due`, it has {when} in it."""

    text: str
    due: datetime | None = None


def note_of(jobs: Sequence[Job], state: str, now: datetime, *, silence: str = "") -> Note:
    """The sentence under the title. `silence`: what is so of a service whose breaker is open."""
    words = words_of(jobs[0].task)
    if state == RETRYING:
        pending = [job for job in jobs if job.state == Job.State.PENDING]
        tried = [job for job in pending if is_retrying(job)]
        next_ = min(tried or pending, key=lambda job: job.next_at)
        if words.who and silence == PAUSED:
            return Note(f"{words.who} {silence}. Nothing is lost: this goes on as soon as it can.")
        did = silence or ASKED.get(next_.failure_kind)
        what = f"{words.who} {did}." if words.who and did else NOT_YET
        return Note(TRYING_AGAIN.format(what=what, when="{when}"), next_.next_at)
    if state == WAITING:
        return waiting_for(jobs, now)
    if state == DEAD:
        return Note(f"{words.missing} {DEAD_END}".strip())
    return Note({RUNNING: words.doing, DONE: words.done, UNSERVED: NOBODY}[state])


def waiting_for(jobs: Sequence[Job], now: datetime) -> Note:
    """Why it has not begun."""
    if any(job.state == Job.State.WAITING for job in jobs):
        return Note("Leaves as soon as your documents are ready.")
    due = min(job.next_at for job in jobs)
    return Note("Waiting for its turn.") if due - now < WORTH_SAYING else Note("Due {when}.", due)


def is_retrying(job: Job) -> bool:
    """Tried, and to be tried again."""
    return job.state == Job.State.PENDING and job.attempts > 0
