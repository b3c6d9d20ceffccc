"""An entry is written in the transaction of whoever decides, and announced with it, once."""

import pytest
from django.db import transaction

from audit.events import EntryRecorded
from audit.models import AuditEntry
from deferral.errors import PublishedOutsideTransaction
from deferral.models import Event
from tests.audit.entries import AT, write_down

KEY = "audit:order_paid:H-10482-7kq2m9xv"


@pytest.mark.django_db
def test_an_entry_says_who_did_what_and_when() -> None:
    write_down(KEY)

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.actor, entry.at) == ("order_paid", "customer", AT)
    assert (entry.subject, entry.reference) == ("order:H-10482", "H-10482-7kq2m9xv")


@pytest.mark.django_db
def test_it_is_written_and_announced_once_whatever_is_run_again() -> None:
    for _ in range(3):
        write_down(KEY)

    entry, event = AuditEntry.objects.get(), Event.objects.get(type=EntryRecorded.type)
    assert (event.subject, event.payload) == ("order:H-10482", {"entry_id": entry.pk})


@pytest.mark.django_db(transaction=True)
def test_neither_entry_nor_announcement_outlives_the_decision() -> None:
    with transaction.atomic():
        write_down(KEY)
        transaction.set_rollback(rollback=True)

    assert not AuditEntry.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(PublishedOutsideTransaction):
        write_down(KEY)

    assert not AuditEntry.objects.exists()
