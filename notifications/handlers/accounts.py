"""Who asks to be let in gets a mail; who is new is greeted, and told of."""

from collections.abc import Iterator

from accounts.events import LoginLinkRequested, UserRegistered
from accounts.models import LoginLink
from deferral.handlers import Work, handles, job
from notifications.handlers.orders import FRESH
from notifications.tasks import accounts as tasks


@handles(LoginLinkRequested)
def mail_login_link(fact: LoginLinkRequested) -> Iterator[Work]:
    """Whoever has the address, or nobody: the worker looks. Not for what is asked too often."""
    for link in LoginLink.objects.filter(pk=fact.link_id, limited=False):
        yield job(tasks.send_login_link, key=f"login_link:{link.tag}", link_id=link.pk)


@handles(UserRegistered)
def welcome(fact: UserRegistered) -> Iterator[Work]:
    """A mail, the CRM and analytics: none waits for another."""
    id_, tag = fact.user_id, fact.tag
    yield job(tasks.send_welcome, key=f"welcome:{tag}", user_id=id_, tag=tag)
    yield job(tasks.tell_crm_of_user, key=f"crm:user:{tag}", user_id=id_, tag=tag)
    key = f"analytics:user_registered:{tag}"
    yield job(tasks.count_registration, key=key, tag=tag, lifetime=FRESH)
