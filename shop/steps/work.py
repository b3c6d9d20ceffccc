"""The steps that jobs are: grouped, counted, in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.text import slugify

from deferral.models import Job
from deferral.registry import TASKS, queues
from orders.customer_page import words_of
from orders.models import Order
from orders.pieces import Piece
from shop.notes import DEAD, DONE, RETRYING, RUNNING, UNSERVED, WAITING, is_retrying, note_of
from shop.steps.step import Step
from shop.wording import duration, wait

CALLED_OFF = (Order.State.CANCELLED, Order.State.REFUNDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What else the sentences depend on: queues nobody serves, what is so of services whose
    breaker is open, and which seats are void because their money goes back.
    """

    now: datetime
    unserved: set[str]
    silent: Mapping[str, str]
    void: frozenset[Piece] = frozenset()

    def is_void(self, job: Job) -> bool:
        """Whether the job made a ticket for such a seat."""
        return (job.kwargs.get("line_id"), job.kwargs.get("position")) in self.void


def steps_of(order: Order, jobs: Iterable[Job], moment: Moment) -> list[Step]:
    """One step for all jobs that share its name: first what the customer waits for most."""
    groups: dict[str, list[Job]] = {}
    for job in sorted(jobs, key=urgency):
        spec = TASKS.get(job.task)
        if spec is not None and spec.step and words_of(job.task).shown(job):
            groups.setdefault(spec.step, []).append(job)
    return [step_of(order, title, group, moment) for title, group in groups.items()]


def urgency(job: Job) -> tuple[int, bool, bool, int]:
    """By queue, what waits for others after them, our own suppliers before anybody else."""
    queue = queues().index(job.queue) if job.queue in queues() else len(queues())
    return queue, job.is_body, not job.task.startswith("shop."), job.id


def step_of(order: Order, title: str, jobs: Sequence[Job], moment: Moment) -> Step:
    """The group as one line: its worst news first."""
    settled = [job for job in jobs if job.state in Job.SETTLED]
    state = state_of(jobs, len(settled), moment)
    words = words_of(jobs[0].task)
    is_worth = not (order.state in CALLED_OFF and state == DONE and words.called_off)
    silence = moment.silent.get(jobs[0].service, "")
    note, due = note_of(jobs, state, moment.now, silence=silence)
    left = due - moment.now if due else timedelta()
    when = wait(left) if due else ""
    if void := sum(map(moment.is_void, jobs)):
        note = f"{note} {void} of {len(jobs)} no longer valid: the money for it goes back.".strip()
    return Step(
        slug=slugify(title),
        title=title,
        state=state,
        note=filled_in(note if is_worth else words.called_off, when=when, email=order.mailbox),
        aside=aside_of(jobs, settled, state),
        links=tuple(links_of(order, jobs, moment)) if is_worth else (),
        button=button_of(order, jobs) if void < len(jobs) else None,
        share=len(settled) / len(jobs),
        due=due,
        left=left,
        when=when,
    )


def filled_in(note: str, **words: str) -> str:
    """What stands in braces; whoever else writes a brace keeps it."""
    for name, text in words.items():
        note = note.replace(f"{{{name}}}", text)
    return note


def state_of(jobs: Sequence[Job], settled: int, moment: Moment) -> str:
    """done, dead, unserved, retrying, running or waiting."""
    if settled == len(jobs):
        return DONE
    states = {job.state for job in jobs}
    if Job.State.DEAD in states:
        return DEAD
    running = Job.State.RUNNING in states
    left = {job.queue for job in jobs if job.state != Job.State.DONE}
    if not running and left & moment.unserved:
        return UNSERVED
    told = {job.service for job in jobs if job.state == Job.State.PENDING}
    if any(is_retrying(job) for job in jobs) or told & moment.silent.keys():
        return RETRYING
    return RUNNING if running or settled else WAITING


def aside_of(jobs: Sequence[Job], settled: Sequence[Job], state: str) -> str:
    """`41 of 60`, `try 2`, or how long it took."""
    if len(jobs) > 1 and len(settled) < len(jobs):
        return f"{len(settled)} of {len(jobs)}"
    if state == RETRYING:
        return f"try {max(job.attempts for job in jobs) + 1}"
    if state != DONE:
        return ""
    times = [job.settled_at - job.created_at for job in settled if job.settled_at]
    return duration(max(times)) if times else ""


def links_of(order: Order, jobs: Sequence[Job], moment: Moment) -> Iterable[tuple[str, str]]:
    """A name and an address for everything that was made and is worth something. A seat keeps its
    number.
    """
    for number, job in enumerate(jobs, 1):
        link = TASKS[job.task].link
        if link and job.state == Job.State.DONE and not moment.is_void(job):
            alone = f"{job.key.partition(':')[0]}-{order.number}.pdf"
            name = f"{number} of {len(jobs)}" if len(jobs) > 1 else alone
            yield name, reverse(link, args=[order.number, job.key])


def button_of(order: Order, jobs: Sequence[Job]) -> tuple[str, str] | None:
    """What leads to the whole, once all of it is made: several documents are read as one."""
    link = TASKS[jobs[0].task].link
    if not link or any(job.state != Job.State.DONE for job in jobs):
        return None
    key = jobs[0].key if len(jobs) == 1 else jobs[0].key.partition(":")[0]
    return words_of(jobs[0].task).button, reverse(link, args=[order.number, key])
