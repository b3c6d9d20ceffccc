"""What this app keeps of a person: the account itself, sessions, and requests to be let in."""

from collections.abc import Mapping

from django.contrib.admin.models import LogEntry
from django.db import transaction

from accounts.models import AccountDeletion, LoginLink, Session, User
from accounts.personal_data import Fate, Person, PersonalData, Rows


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    asked = AccountDeletion.objects.filter(user=person.user_id)
    return {
        "account": User.objects.filter(pk=person.user_id).values(
            "email", "name", "joined_at", "last_login"
        ),
        "sessions": Session.objects.filter(user=person.user_id).values("expire_date"),
        "login-requests": LoginLink.objects.filter(address=person.address).values(
            "address", "asked_at", "used_at"
        ),
        "deletion-requests": asked.values("asked_at", "due_at", "state"),
    }


@transaction.atomic
def erase(person: Person) -> int:
    """The account goes with the end of the job: until then it keeps others from its address."""
    gone, _ = LoginLink.objects.filter(address=person.address).delete()
    logged = LogEntry.objects.filter(object_repr__iexact=person.address)
    earlier = AccountDeletion.objects.filter(
        address=person.address, state=AccountDeletion.State.CANCELLED
    )
    return gone + logged.update(object_repr=person.instead) + earlier.update(address="")


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    fates={
        "accounts.User.email": Fate.DELETED,
        "accounts.User.name": Fate.DELETED,
        "accounts.User.password": Fate.DELETED,
        "accounts.Session.session_data": Fate.DELETED,
        "accounts.LoginLink.address": Fate.DELETED,
        "accounts.AccountDeletion.address": Fate.DELETED,
        "admin.LogEntry.object_repr": Fate.REPLACED,
    },
)
