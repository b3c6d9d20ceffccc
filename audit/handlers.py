"""What follows an entry. What is written down at all is decided above."""

from collections.abc import Iterator

from audit import tasks
from audit.events import EntryRecorded
from audit.keys import filing_key
from audit.selectors import entry_by_id
from deferral.handlers import JobSpec, handles, job


@handles(EntryRecorded)
def file_entry(fact: EntryRecorded) -> Iterator[JobSpec]:
    """In our log: now to the archive."""
    key = filing_key(entry_by_id(fact.entry_id).key)
    yield job(tasks.file_entry, key=key, entry_id=fact.entry_id)
