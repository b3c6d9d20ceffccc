"""Asking for it: a row, and a job. Answered at once."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from deferral.crashpoints import crashpoint
from deferral.enqueueing import enqueue
from deferral.models import Job
from reports.models import DataExport

# Whoever asks again within a day gets the same one.
SAME_WITHIN = timedelta(days=1)
OVER = (Job.State.DEAD, Job.State.DISCARDED)


@transaction.atomic
def ask_for_my_data(*, user_id: int) -> DataExport:
    """A new one, or that of less than a day ago; of two clicks at once one makes it."""
    user = get_user_model().objects.select_for_update().get(pk=user_id)
    found = latest(user)
    if found and not may_ask_again(found):
        return found
    export = DataExport.objects.create(user=user)
    enqueue("reports.write_my_data", key=export.key, subject=export.subject, export_id=export.pk)
    crashpoint("my_data_asked")
    return export


def latest(user: Any) -> DataExport | None:
    """The last that this person asked for, as long as it is kept."""
    return DataExport.objects.filter(user=user.pk).select_related("file").first()


def job_of(export: DataExport) -> Job | None:
    """The job that writes it, once the relay has been by."""
    return Job.objects.filter(key=export.key).first()


def may_ask_again(export: DataExport) -> bool:
    """Whether it is of yesterday, or nothing came of it."""
    is_old = export.asked_at < timezone.now() - SAME_WITHIN
    return is_old or Job.objects.filter(key=export.key, state__in=OVER).exists()
