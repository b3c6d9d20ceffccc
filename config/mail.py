"""Who takes our mails: a mail server by SMTP, or a provider by HTTP, through django-anymail."""

import re
from dataclasses import dataclass
from importlib.util import find_spec

from config.environment import env

SMTP = "notifications.smtp.EmailBackend"
BY_HTTP = "notifications.providers.backend.EmailBackend"
# Those with one key, whose notices come with a name and a password.
NAMES = ("brevo", "mailtrap", "postmark")
STREAM = re.compile(r"[a-z][a-z0-9-]{0,99}", re.ASCII)
# What somebody waits for, and what many get.
MAILS, CAMPAIGNS = "mails", "campaigns"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """Of mails. `name` is empty where there is none.

    `url`: where it is asked, if not where anymail knows it. `login`: the `name:password` that its
    notices come with; without one none is believed. `stream`: Postmark's, of campaigns.
    """

    name: str = ""
    key: str = ""
    url: str = ""
    login: str = ""
    stream: str = ""
    takes: tuple[str, ...] = (MAILS, CAMPAIGNS)

    @property
    def campaigns(self) -> bool:
        """Whether it is given them."""
        return bool(self.name) and CAMPAIGNS in self.takes

    @property
    def mails(self) -> bool:
        """Whether it is given what somebody waits for."""
        return bool(self.name) and MAILS in self.takes

    @property
    def is_installed(self) -> bool:
        """Whether anymail is."""
        return find_spec("anymail") is not None


def provider() -> Provider:
    """As the environment names it."""
    return Provider(
        name=env.choice("MAIL_PROVIDER", default="", choices=NAMES),
        key=env("MAIL_PROVIDER_KEY", default=""),
        url=env.address("MAIL_PROVIDER_URL", default=""),
        login=env("MAIL_PROVIDER_LOGIN", default=""),
        stream=env.checked(
            "MAIL_PROVIDER_STREAM",
            default="broadcast",
            fits=STREAM.fullmatch,
            what="the name of a message stream, such as broadcast",
        ),
        takes=tuple(
            env.list(
                "MAIL_PROVIDER_TAKES",
                default=(MAILS, CAMPAIGNS),
                fits={MAILS, CAMPAIGNS}.__contains__,
                what="mails, campaigns, or both, separated by a comma",
            )
        ),
    )
