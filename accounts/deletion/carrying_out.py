"""The long job: it closes the account, then takes one app's part away after the other."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.deletion.closing import close
from accounts.events import AccountDeleted
from accounts.models import AccountDeletion, User
from accounts.personal_data import Person, PersonalData, parts
from deferral.crashpoints import crashpoint
from deferral.errors import Snooze
from deferral.events import publish
from deferral.long_jobs import Step, step
from deferral.tasks import current_job, finishing

# How often it looks whether what it waits for is over.
LOOK_AGAIN = timedelta(hours=6)


def delete_account(*, deletion_id: int) -> None:
    """Carry it out, from wherever it is. Nothing where it was taken back. Snooze until it is due,
    and while an app has to wait.
    """
    if not step("close", partial(_closed, deletion_id)):
        return
    deletion = AccountDeletion.objects.get(pk=deletion_id)
    for name, part in parts().items():
        step(name, partial(_erase, part, deletion.person))
    for name, part in parts().items():
        if part.tell:
            step(f"{name}: others", partial(_tell, part.tell, deletion.person))
    with finishing():
        User.objects.filter(pk=deletion.person.user_id).delete()
        done = {"state": AccountDeletion.State.DONE, "address": "", "done_at": timezone.now()}
        AccountDeletion.objects.filter(pk=deletion_id).update(**done, waits_for="")
        publish(AccountDeleted(deletion_id=deletion_id), subject=deletion.subject)


def _closed(deletion_id: int, _step: Step) -> bool:
    """Whether it goes on. A step's work: closing once more changes nothing."""
    with transaction.atomic():
        deletion = AccountDeletion.objects.select_for_update().get(pk=deletion_id)
        wait = deletion.due_at - timezone.now()
        if deletion.state == AccountDeletion.State.ASKED and wait <= timedelta():
            close(deletion)
            crashpoint("account_closed")
            wait = LOOK_AGAIN
    if deletion.state == AccountDeletion.State.ASKED:
        raise Snooze(deletion.waits_for or "its days are not over", seconds=wait.total_seconds())
    return deletion.state == AccountDeletion.State.BEGUN


def _tell(tell: Callable[[Person, str], None], person: Person, _step: Step) -> None:
    """One who is away holds up no part of ours: those are gone before."""
    tell(person, current_job().key)


def _erase(part: PersonalData, person: Person, current: Step) -> int:
    """Some rows after the other; what is gone is not found again, so that no cursor is needed."""
    done = int(current.cursor or 0)
    while count := part.erase(person):
        crashpoint("part_erased")
        done += count
        current.checkpoint(done, done=done)
    return done
