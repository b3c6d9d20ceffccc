"""Workers: which of them live, and how much each has in hand."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.http import HttpRequest

from deferral.admin.kit import formatting
from deferral.admin.kit.read_only import ReadOnly
from deferral.ledger.living import SILENT_AFTER, living_worker_ids
from deferral.models import Job, Worker

SILENT = timedelta(seconds=SILENT_AFTER["worker"])
# A claim is signed `17:4242`: the worker's row, and its child's process id.
IN_HAND = (
    Job.objects.filter(
        state="running",
        worker__startswith=Concat(Cast(OuterRef("pk"), CharField()), Value(":")),
    )
    .order_by()
    .values("state")
    .annotate(n=Count("pk"))
    .values("n")
)


@admin.register(Worker)
class WorkerAdmin(ReadOnly[Worker]):
    """Each main process that ever signed in; those that are gone leave after a day."""

    ordering = ("-id",)
    search_fields = ("name",)
    list_display = ("name", "lives", "seen", "in_hand", "pid", "started", "stopping")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Worker]:
        """With what its locks and its jobs say."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                alive=Q(pk__in=living_worker_ids(), seen_at__gt=Now() - SILENT),
                running=Coalesce(Subquery(IN_HAND, IntegerField()), 0),
            )
        )

    @admin.display(boolean=True, description="at work")
    def lives(self, worker: Any) -> bool:
        """It holds its lock, and has given a sign of life lately."""
        return bool(worker.alive)

    @admin.display(ordering="seen_at", description="last sign of life")
    def seen(self, worker: Worker) -> str:
        """When it last received a message, had nothing waiting for it, or had its hands full."""
        return formatting.clock(worker.seen_at)

    @admin.display(description="jobs in hand")
    def in_hand(self, worker: Any) -> int:
        """Jobs it has claimed and not settled."""
        return int(worker.running)

    @admin.display(ordering="started_at", description="signed in")
    def started(self, worker: Worker) -> str:
        """When its main process wrote its row, before it took any job."""
        return formatting.clock(worker.started_at)

    @admin.display(ordering="stopping_at", description="asked to stop")
    def stopping(self, worker: Worker) -> str:
        """When it was asked to stop."""
        return formatting.clock(worker.stopping_at)
