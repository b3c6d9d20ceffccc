"""Telling customers of what they have asked for about themselves."""

from accounts.models import AccountDeletion
from notifications import messages
from notifications.delivery import deliver
from reports.models import DataExport
from reports.my_data.keeping import file_of


def tell_of_my_data(*, export_id: int, key: str) -> None:
    """That it can be fetched, if it still can."""
    for export in DataExport.objects.filter(pk=export_id).select_related("user"):
        if file_of(export):
            deliver(messages.my_data_ready(export, key=key), export.subject)


def tell_of_deletion(*, deletion_id: int, key: str) -> None:
    """That the account is going to be deleted, and until when not. Nothing once that has begun."""
    asked = AccountDeletion.State.ASKED
    for deletion in AccountDeletion.objects.filter(pk=deletion_id, state=asked):
        deliver(messages.deletion_asked(deletion, key=key), deletion.subject)
