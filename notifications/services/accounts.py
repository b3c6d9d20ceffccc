"""Letting people in by mail, and telling of whoever is new."""

from django.conf import settings

from accounts.login_links.asking import prepare_mail
from accounts.models import User
from deferral.crashpoints import crashpoint
from deferral.external.http import tell
from notifications import messages
from notifications.delivery import deliver, deliver_if_taken
from notifications.gateway import ANALYTICS, CRM


def send_login_link(*, link_id: int, key: str) -> None:
    """Make a request's secrets and mail them. Repeated, the mail before it is worth nothing.

    An address that is refused for good is no dead letter: anybody may have typed it in.
    """
    mail = prepare_mail(link_id=link_id)
    if mail is None:
        return
    crashpoint("login_mail_prepared")
    deliver_if_taken(messages.login_link(mail, key=key), mail.subject)


def send_welcome(*, user_id: int, tag: str, key: str) -> None:
    """Greet somebody new. Nobody who is gone again."""
    for user in User.objects.filter(pk=user_id):
        deliver(messages.welcome(user, key=key), f"user:{tag}")


def tell_crm_of_user(*, user_id: int, tag: str, key: str) -> None:
    """Let the CRM know them, by a name of their own: a row's number may come again."""
    for user in User.objects.filter(pk=user_id):
        content = {"user": tag, "email": user.email, "name": user.name}
        tell(CRM, f"{settings.CRM_URL}/contacts", key=key, content=content)


def count_registration(*, tag: str, key: str) -> None:
    """Let analytics count it. It is told of nobody's address."""
    content = {"event": "user_registered", "user": tag}
    tell(ANALYTICS, f"{settings.ANALYTICS_URL}/events", key=key, content=content)
