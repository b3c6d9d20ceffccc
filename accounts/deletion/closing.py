"""From here on nobody logs in to the account, and nobody can take its deletion back."""

from accounts.login_links.turns import take_turn
from accounts.models import AccountDeletion, LoginLink, User
from accounts.personal_data import Person, parts
from accounts.services import end_sessions


def close(deletion: AccountDeletion) -> None:
    """Close it, or write down what has to be over before. In the caller's transaction, which holds
    the row.
    """
    take_turn(deletion.address)
    person = deletion.person
    deletion.waits_for = what_is_waited_for(person)
    if not deletion.waits_for:
        deletion.state, deletion.until = AccountDeletion.State.BEGUN, person.until
        User.objects.filter(pk=person.user_id).update(is_active=False)
        LoginLink.objects.armed(deletion.address).update(secret="", code="")
        end_sessions(user_id=person.user_id, by=deletion.subject, reason="is being deleted")
    deletion.save()


def what_is_waited_for(person: Person) -> str:
    """The first reason to wait that an app has, in a sentence for its person; "" for none."""
    if User.objects.filter(pk=person.user_id, is_staff=True).exists():
        return "It became an account of staff meanwhile."
    return next(filter(None, (part.waits_for(person) for part in parts().values())), "")
