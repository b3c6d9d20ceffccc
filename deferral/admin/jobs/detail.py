"""One job, whole: what it is, how it went, what it waits for, what people did about it."""

import json
from collections.abc import Sequence
from typing import ClassVar

from django.contrib import admin
from django.db.models import Case, When
from django.template.loader import render_to_string
from django.utils.html import format_html

from deferral.admin.dead_letters.settling import DeadLetters
from deferral.admin.kit import formatting
from deferral.admin.kit.timeline import timeline
from deferral.ledger import dead_letters
from deferral.ledger.serving import unserved_queues
from deferral.ledger.why import held_up_by, why_it_waits
from deferral.models import Job

# So many of a series stand on the page.
SHOWN = 10
# And so many parts of a join, those that are done after the others.
PARTS = 50
IS_DONE = Case(When(state=Job.State.DONE, then=1), default=0)
TIMES = ("created_at", "next_at", "expires_at", "sent_at", "started_at", "settled_at")
FENCE = ("task_id", "epoch", "worker", "lease_until", "ordering_key", "schema_version", "origin")


class JobPage(DeadLetters[Job]):
    """The page of one job. Its list is `listing.JobAdmin`."""

    kind: ClassVar = "task"
    settle: ClassVar = {"replay": dead_letters.replay_jobs, "discard": dead_letters.discard_jobs}
    change_form_template = "admin/deferral/job.html"
    fieldsets = (
        (None, {"fields": ("key", "condition", "why", "about", "task", "queue", "arguments")}),
        ("Elsewhere", {"fields": ("its_event", "flower", "results")}),
        ("Attempts", {"fields": ("tries_drawn",)}),
        ("Errors", {"fields": ("failures",)}),
        ("What people did", {"fields": ("interventions",)}),
        ("Tries", {"fields": ("attempts", "crashes", "losses", "snoozes", "waited", "ran")}),
        ("Times", {"fields": ("times",)}),
        ("Join", {"fields": ("its_body", "later_ones", "its_parts", "open_parts")}),
        ("Fence and origin", {"fields": FENCE}),
    )

    def queues_of(self, ids: Sequence[int]) -> set[str]:
        """The queues of these jobs: replayed, they run where they ran."""
        return set(Job.objects.filter(dead_letters.among(ids)).values_list("queue", flat=True))

    @admin.display(description="state")
    def condition(self, job: Job) -> str:
        """With the reason when it waits for nobody."""
        if job.state == Job.State.PENDING and job.queue in unserved_queues():
            return formatting.state_pill(job.state, f" - nobody serves the queue {job.queue}")
        return formatting.state_pill(job.state)

    @admin.display(description="why it waits")
    def why(self, job: Job) -> str:
        """Nothing of what runs, or is over."""
        return why_it_waits(job) or formatting.NOTHING

    @admin.display(description="subject", ordering="subject")
    def about(self, job: Job) -> str:
        """Leads to everything done about the same subject."""
        return formatting.jobs_about(job.subject)

    @admin.display
    def arguments(self, job: Job) -> str:
        """What its task is called with: ids, as JSON."""
        return json.dumps(job.kwargs)

    @admin.display(description="event")
    def its_event(self, job: Job) -> str:
        """What it follows from; nothing for a schedule's."""
        return formatting.link_to(job.event)

    @admin.display
    def flower(self, job: Job) -> str:
        """Where it is watched while it runs."""
        return format_html('<a href="{0}">{0}</a>', formatting.flower_url(job))

    @admin.display
    def results(self, job: Job) -> str:
        """Celery's own record, kept for parts of chords and for failures."""
        return format_html('<a href="{}">What Celery recorded</a>', formatting.results_url(job))

    @admin.display(description="timeline")
    def tries_drawn(self, job: Job) -> str:
        """Each attempt that is known of."""
        return render_to_string(
            "admin/deferral/_timeline.html", {"timeline": timeline([job], set())}
        )

    @admin.display(description="last errors")
    def failures(self, job: Job) -> str:
        """The last ten errors, each with its traceback, redacted."""
        return formatting.error_list(job.errors)

    @admin.display
    def interventions(self, job: Job) -> str:
        """Who replayed or discarded it, and why."""
        return formatting.intervention_list(job.interventions.order_by("-id"))

    @admin.display
    def waited(self, job: Job) -> str:
        """From the decision to the start of the last attempt."""
        return formatting.between(job.created_at, job.started_at)

    @admin.display
    def ran(self, job: Job) -> str:
        """From the start of the last attempt to its end."""
        return formatting.between(job.started_at, job.settled_at)

    @admin.display
    def times(self, job: Job) -> str:
        """To the millisecond, in the shop's time zone."""
        return formatting.as_list(
            f"{name}: {formatting.clock(getattr(job, name))}" for name in TIMES
        )

    @admin.display(description="body")
    def its_body(self, job: Job) -> str:
        """The job that waits for this one."""
        return formatting.link_to(job.body)

    @admin.display(description="later ones of its series")
    def later_ones(self, job: Job) -> str:
        """Those that this one holds up, the next ones."""
        return formatting.as_list(formatting.link_to(one) for one in held_up_by(job)[:SHOWN])

    @admin.display(description="parts")
    def its_parts(self, job: Job) -> str:
        """The jobs this one waits for: the first of them, those that are not done before others."""
        parts = job.parts.only("key", "state", "body")
        shown = parts.order_by(IS_DONE, "id")[:PARTS]
        lines = [format_html("{} {}", formatting.link_to(p), p.state) for p in shown]
        more = parts.count() - len(lines)
        return formatting.as_list([*lines, f"and {more:,} more"] if more else lines)

    @admin.display
    def origin(self, job: Job) -> str:
        """The request in which its event was published: its id, and its trace."""
        return json.dumps(job.context)
