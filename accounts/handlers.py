"""An account is deleted once its days are over."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts import tasks
from accounts.events import AccountDeletionAsked
from accounts.models import AccountDeletion
from deferral.handlers import Work, handles, job


@handles(AccountDeletionAsked)
def delete_in_time(fact: AccountDeletionAsked) -> Iterator[Work]:
    """The job looks for itself whether it was taken back, and whether it is due."""
    for deletion in AccountDeletion.objects.filter(pk=fact.deletion_id):
        delay = max(deletion.due_at - timezone.now(), timedelta())
        yield job(tasks.delete_account, key=deletion.key, delay=delay, deletion_id=fact.deletion_id)
