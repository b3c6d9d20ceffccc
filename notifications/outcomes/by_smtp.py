"""By SMTP: a code is an answer, of the recipient, the mail or us; without one nobody knows."""

import re
import smtplib

from deferral.errors import Bury, Retry
from deferral.external.breakers import Call
from deferral.external.deadlines import Deadline
from deferral.failure_kinds import FailureKind, said
from notifications.outcomes.not_deliverable import NotDeliverable

# Of RFC 5321: "service not available, closing channel". Any other code is an answer.
NO_SERVICE = 421
# Of RFC 4954: authentication is missing or was not good enough, at whatever step it is said.
ABOUT_US = {530, 534, 535, 538}
# RFC 3463: 5.1.x speaks of an address, 5.1.7 and 5.1.8 of the sender's, 5.2.x of a mailbox. Servers
# that know their mailboxes late say it of the message.
STATUS = re.compile(rb"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
OF_ADDRESS, OF_MAILBOX, OF_SENDER = 1, 2, {7, 8}
# 5.7.x is its policy: who may relay, whose network is blocked, what proof of the sender it wants.
OF_POLICY = 7
# 5.6.x speaks of what is in the mail, 5.3.4 of its size.
OF_CONTENT, TOO_LARGE = 6, (3, 4)
# Without such a code: no mailbox, where nothing in it speaks of us, whatever the number says.
NO_MAILBOX = {550, 551, 553}
WHO_WE_ARE = re.compile(rb"relay|block|spam|denied|policy|reputation|listed|reject", re.IGNORECASE)


def outcome(error: Exception, call: Call, end: Deadline, *, within: float) -> Retry | Bury:
    """What becomes of the mail. `within`: the seconds that it had."""
    found = _judged(error, end, within)
    if _is_unwell(error):
        call.failed(str(found), failure_kind_of(error))
    return found


def _is_unwell(error: Exception) -> bool:
    """Whether the server could serve nobody now: it hung up, or says so of the message's content.

    What it says of one recipient, or of us, is an answer.
    """
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code < 500
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == NO_SERVICE
    return not isinstance(error, smtplib.SMTPRecipientsRefused)


def _judged(error: Exception, end: Deadline, within: float) -> Retry | Bury:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
        [never, *others] = {_of_recipient(*each) for each in error.recipients.values()}
        return _refusal(codes, error, for_good=None if others else never)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal({error.smtp_code}, error, for_good=_of_message(error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"the mail server refused us: {error}"[:300]
        cause = f"the mail server refused us with {error.smtp_code}"
        return Retry(reason, cause=cause, failure_kind=failure_kind_of(error))
    unanswered = said("the mail server", None)
    why = f" within {within:g} s" if end.is_over else f": {type(error).__name__}"
    reason = f"{unanswered}{why}"
    return Retry(reason, failure_kind=failure_kind_of(error))


def is_of_recipient(code: int, said: bytes) -> bool:
    """Whether a refusal of RCPT is about whoever was to get it, and not about us: a server may have
    something against the sender, and say so of each recipient.
    """
    if STATUS.search(said):
        return names_reader(said)
    return code in NO_MAILBOX and not WHO_WE_ARE.search(said)


def names_reader(said: bytes) -> bool:
    """Whether its enhanced code is of the reader's address or mailbox."""
    found = STATUS.search(said)
    if found is None:
        return False
    subject, detail = int(found[2]), int(found[3])
    return subject == OF_MAILBOX or (subject == OF_ADDRESS and detail not in OF_SENDER)


def _of_recipient(code: int, said: bytes) -> type[Bury] | None:
    """None: neither of them nor of the mail, which it has not seen yet. So it is about us."""
    if is_of_recipient(code, said):
        return NotDeliverable
    found = STATUS.search(said)
    where = (int(found[2]), int(found[3])) if found else (0, 0)
    return Bury if where == TOO_LARGE or where[0] == OF_CONTENT else None


def _of_message(answer: bytes | str) -> type[Bury] | None:
    """None: about us, though it says so of the mail."""
    told = answer if isinstance(answer, bytes) else answer.encode()
    if names_reader(told):
        return NotDeliverable
    return None if _names_us(told) else Bury


def _names_us(said: bytes) -> bool:
    found = STATUS.search(said)
    if found is None:
        return bool(WHO_WE_ARE.search(said))
    subject, detail = int(found[2]), int(found[3])
    return subject == OF_POLICY or (subject == OF_ADDRESS and detail in OF_SENDER)


def _refusal(
    codes: set[int], error: smtplib.SMTPException, *, for_good: type[Bury] | None
) -> Retry | Bury:
    """`for_good`: where its code says never. None: it may, once somebody has mended something."""
    reason = f"the mail server refused: {error}"[:300]
    cause = f"the mail server refused with {', '.join(map(str, sorted(codes)))}"
    is_final = any(500 <= code < 600 for code in codes - ABOUT_US)
    if is_final and for_good:
        return for_good(reason, cause=cause)
    return Retry(reason, cause=cause, failure_kind=failure_kind_of(error))


def failure_kind_of(error: Exception) -> FailureKind:
    """Whatever has a code is an answer."""
    answers = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
    return FailureKind.UNABLE if isinstance(error, answers) else FailureKind.SILENT
