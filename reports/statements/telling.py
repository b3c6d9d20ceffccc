"""The end of a month: the bookkeeper is told once all is over, and again once all is mended."""

from django.db.models.functions import Now

from deferral.events import publish
from deferral.tasks import finishing
from reports.events import StatementsMade, StatementsMended
from reports.models import StatementRun
from reports.statements.status import status_of


def tell(*, run_id: int) -> None:
    """Every statement is written, or needs somebody: announce it. The body of the month's join.

    The row is locked before they are counted: whoever writes one meanwhile has it counted here, or
    finds here that it was told.
    """
    with finishing():
        run = StatementRun.objects.select_for_update().get(pk=run_id)
        if run.told_at is None:
            missing = status_of(run).open
            StatementRun.objects.filter(pk=run.pk).update(told_at=Now(), missing=missing)
            publish(StatementsMade(run_id=run.pk), subject=run.subject)


def tell_if_mended(run: StatementRun) -> None:
    """Announce, in the open transaction, that the last paper of a month is there that was missing.

    Nothing in a month that was not told yet. Of two last ones the second waits for the first.
    """
    told = StatementRun.objects.filter(pk=run.pk, told_at__isnull=False, missing__gt=0)
    if not told.exists():
        return
    locked = told.select_for_update(no_key=True).first()
    if locked and not status_of(locked).open and locked.frozen_at:
        told.update(missing=0)
        publish(StatementsMended(run_id=run.pk), subject=run.subject)
