"""Customers are told of what they have asked for about themselves."""

from collections.abc import Iterator

from accounts.events import AccountDeletionAsked
from accounts.models import AccountDeletion
from deferral.handlers import Work, handles, job
from notifications.tasks import my_data as tasks
from reports.events import MyDataReady
from reports.models import DataExport


@handles(MyDataReady)
def tell_of_my_data(fact: MyDataReady) -> Iterator[Work]:
    """Whoever asked for it."""
    for export in DataExport.objects.filter(pk=fact.export_id):
        key = f"my_data_ready:{export.tag}"
        yield job(tasks.tell_of_my_data, key=key, export_id=export.pk)


@handles(AccountDeletionAsked)
def tell_of_deletion(fact: AccountDeletionAsked) -> Iterator[Work]:
    """Its owner, who may be somebody else than whoever asked."""
    for deletion in AccountDeletion.objects.filter(pk=fact.deletion_id):
        key = f"deletion_asked:{deletion.tag}"
        yield job(tasks.tell_of_deletion, key=key, deletion_id=deletion.pk)
