"""What a mail server can say of one mail among many, and what follows from it for whom.

Of an address: it is not there (bounced), or not this mail, or not now. Of us: it takes nothing from
us. Or it says nothing; then it matters whether it had the whole message by then.
"""

import smtplib

from notifications.outcomes.by_smtp import (
    ABOUT_US,
    NO_MAILBOX,
    NO_SERVICE,
    OF_ADDRESS,
    OF_SENDER,
    STATUS,
    WHO_WE_ARE,
)

# RFC 3463: 5.2.1 speaks of a mailbox that is closed; one that is full may be emptied.
CLOSED = (2, 1)


class NotTaken(Exception):
    """The server has not taken this mail, and will not deliver it."""


class NotThisAddress(NotTaken):
    """There is no such mailbox, it says: nobody mails it again."""


class NotThisMail(NotTaken):
    """Never, for a reason that is not the address."""


class NotNow(NotTaken):
    """It may take it later."""


class NothingFromUs(NotTaken):
    """It refuses the sender or the login: every mail of this campaign would end so."""


class HungUp(NotTaken):
    """The connection is over, before it had the whole mail."""


class Busy(HungUp):
    """It wants none of ours for so many seconds; None: it does not say how many."""

    def __init__(self, said: str, *, seconds: float | None) -> None:
        super().__init__(said)
        self.seconds = seconds


class Unheard(Exception):
    """It had the whole mail, and its answer did not come: nobody knows."""


def of_sender(code: int, said: bytes) -> NotTaken | None:
    """Its answer to MAIL FROM, or to the login. None: go on."""
    if code < 300:
        return None
    if code == NO_SERVICE:
        return HungUp(words(code, said))
    return (NothingFromUs if code >= 500 or code in ABOUT_US else NotNow)(words(code, said))


def of_recipient(code: int, said: bytes) -> NotTaken | None:
    """Its answer to RCPT TO. One without an enhanced code means the address, where nothing in it
    speaks of us: an address that is called gone is never mailed again.
    """
    of_us = code not in NO_MAILBOX or WHO_WE_ARE.search(said)
    return _judged(code, said, unsaid=NotThisMail if of_us else NotThisAddress)


def of_message(code: int, said: bytes) -> NotTaken | None:
    """Its answer to the mail itself. One without an enhanced code means the mail."""
    return _judged(code, said, unsaid=NotThisMail)


def _judged(code: int, said: bytes, *, unsaid: type[NotTaken]) -> NotTaken | None:
    told = words(code, said)
    if code < 300:
        return None
    if code == NO_SERVICE:
        return HungUp(told)
    if code in ABOUT_US:
        return NothingFromUs(told)
    return (NotNow if code < 500 else _for_good(said, unsaid))(told)


def _for_good(said: bytes, unsaid: type[NotTaken]) -> type[NotTaken]:
    found = STATUS.search(said)
    if found is None:
        return unsaid
    subject, detail = int(found[2]), int(found[3])
    is_gone = subject == OF_ADDRESS and detail not in OF_SENDER
    return NotThisAddress if is_gone or (subject, detail) == CLOSED else NotThisMail


def of_opening(error: Exception) -> NotTaken:
    """What kept the connection from being opened."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else b""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return of_sender(error.smtp_code, said) or HungUp(words(error.smtp_code, said))
        return HungUp(words(error.smtp_code, said))
    return HungUp(f"the mail server did not answer: {type(error).__name__}")


def words(code: int, said: bytes) -> str:
    """The answer as it is shown and kept."""
    text = said.decode("utf-8", "replace")
    readable = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"the mail server answered {code} {readable}"[:300]
