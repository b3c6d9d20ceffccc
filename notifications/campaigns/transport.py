"""One connection for the mails of a chunk. Each mail has forty seconds in all.

It tells apart what was certainly not taken from what nobody knows: a server that had the whole mail
and then said nothing may deliver it.
"""

from django.conf import settings

from deferral.crashpoints import crashpoint
from deferral.external.breakers import calling
from deferral.external.deadlines import deadline
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from notifications.campaigns.answers import Busy, HungUp, NotTaken, Unheard
from notifications.campaigns.lines.by_http import HttpLine
from notifications.campaigns.lines.by_smtp import SmtpLine
from notifications.campaigns.lines.line import Line, Message

# A breaker of its own: what a provider says of many mails must not hold back one that somebody
# waits for.
CAMPAIGN_MAIL = external_service("campaign mail")
# Seconds: for one mail, and for a goodbye.
DEADLINE, GOODBYE = 40.0, 5.0


class Connection:
    """It is opened with the first mail. `taken` counts the mails that it has carried."""

    def __init__(self) -> None:
        self._line: Line = HttpLine() if settings.MAIL_PROVIDER.campaigns else SmtpLine()
        self.taken = 0

    def send(self, message: Message) -> None:
        """Have the server take it. NotTaken in its kinds, or Unheard; Snooze while nobody asks it.

        After HungUp and Unheard it is closed; the next mail opens it anew.
        """
        with calling(CAMPAIGN_MAIL) as call:
            crashpoint("about_to_mail_many")
            try:
                with deadline(DEADLINE):
                    self._line.hand_over(message)
            except Busy as error:
                call.busy(str(error), seconds=error.seconds)
                self.close()
                raise
            except (HungUp, Unheard) as error:
                call.failed(str(error), FailureKind.SILENT)
                self.close()
                raise
            except NotTaken:
                call.answered()
                raise
            crashpoint("one_of_many_accepted")
        self.taken += 1

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        self.taken = 0
        with deadline(GOODBYE):
            self._line.close()
