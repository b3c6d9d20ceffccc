"""What a mail says that lets its reader in, and what somebody new is told."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.login_links.asking import WORKS_FOR, LoginMail, Reader
from accounts.models import User
from notifications.gateway import Mail

SUBJECTS = {
    Reader.KNOWN: "Log in to Halyard",
    Reader.NEW: "Open your account at Halyard",
    Reader.STAFF: "Logging in as staff",
}


def login_link(mail: LoginMail, *, key: str) -> Mail:
    """A link and a code; staff are told where they log in.

    Each mail of a request has a Message-ID of its own: a provider that folds two mails of one id
    would keep the first, whose secrets are dead.
    """
    context = {
        "reader": mail.reader.value,
        "link": f"{settings.SITE_URL}{reverse('shop:login_link', args=[mail.secret])}"
        if mail.secret
        else "",
        "code": mail.code,
        "minutes": round(WORKS_FOR.total_seconds() / 60),
        "staff_link": f"{settings.SITE_URL}{reverse('admin:login')}",
    }
    return Mail(
        key=f"{key}:{mail.number}",
        to=mail.address,
        subject=SUBJECTS[mail.reader],
        text=render_to_string("notifications/login_link.txt", context),
        html=render_to_string("notifications/login_link.html", context),
        secrets=tuple(filter(None, [mail.secret, mail.code])),
    )


def welcome(user: User, *, key: str) -> Mail:
    """What an account is good for."""
    context = {"link": f"{settings.SITE_URL}{reverse('shop:account')}"}
    return Mail(
        key=key,
        to=user.email,
        subject="Welcome to Halyard",
        text=render_to_string("notifications/welcome.txt", context),
        html=render_to_string("notifications/welcome.html", context),
    )
