"""The sentence under a step's title: what is done, when it is tried again, what is missing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deferral.models import Job
from orders.customer_page import words_of
from shop.wording import ASKED, DEAD_END, NOBODY, NOT_YET, PAUSED, TRYING_AGAIN, wait

WAITING, RUNNING, RETRYING, DONE, DEAD, UNSERVED = (
    "waiting", "running", "retrying", "done", "dead", "unserved",
)  # fmt: skip
# A shorter wait is over before it is read.
WORTH_SAYING = timedelta(seconds=3)


def note_of(jobs: Sequence[Job], state: str, now: datetime, *, silence: str = "") -> str:
    """The sentence under the title. `silence`: what is so of a service whose breaker is open."""
    words = words_of(jobs[0].task)
    if state == RETRYING:
        pending = [job for job in jobs if job.state == Job.State.PENDING]
        tried = [job for job in pending if is_retrying(job)]
        next_ = min(tried or pending, key=lambda job: job.next_at)
        if words.who and silence == PAUSED:
            return f"{words.who} {silence}. Nothing is lost: this goes on as soon as it can."
        did = silence or ASKED.get(next_.failure_kind)
        what = f"{words.who} {did}." if words.who and did else NOT_YET
        return TRYING_AGAIN.format(what=what, when=wait(next_.next_at - now))
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
