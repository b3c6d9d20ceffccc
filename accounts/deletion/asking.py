"""Asking for it, and taking that back."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.events import AccountDeletionAsked
from accounts.login_links.turns import take_turn
from accounts.models import AccountDeletion, LoginLink, User
from accounts.services import end_sessions
from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.events import publish

log = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_deletion(*, user_id: int) -> AccountDeletion:
    """Have the account deleted in some days; all of its sessions and login mails end now.

    Safe to repeat: what is asked for stands. NotAllowed for staff: what they decided names them.
    """
    user = User.objects.get(pk=user_id)
    take_turn(user.email)
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_staff:
        msg = "An account of staff is made inactive by a superuser."
        raise NotAllowed(msg)
    if found := AccountDeletion.objects.open_of(user.pk):
        return found
    due_at = timezone.now() + timedelta(days=settings.ACCOUNT_DELETION_DAYS)
    deletion = AccountDeletion.objects.create(user=user, address=user.email, due_at=due_at)
    LoginLink.objects.armed(user.email).update(secret="", code="")
    end_sessions(user_id=user.pk, by=deletion.subject, reason="asked to be deleted")
    publish(AccountDeletionAsked(deletion_id=deletion.pk), subject=deletion.subject)
    crashpoint("deletion_asked")
    return deletion


def take_back_deletion(*, user_id: int) -> bool:
    """Keep the account. Whether there was anything to be taken back: not once it has begun."""
    asked = AccountDeletion.objects.filter(user=user_id, state=AccountDeletion.State.ASKED)
    taken_back = bool(asked.update(state=AccountDeletion.State.CANCELLED))
    log.info("deletion_taken_back", user=user_id, was_asked=taken_back)
    return taken_back
