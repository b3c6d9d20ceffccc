"""How one job waits for its campaign's turns: a hundred mails at once would hold up everybody else.

The turns are the campaign's (`turns`), whoever else sends it.
"""

import time

from deferral.external.long_calls import before_long_call
from notifications.campaigns.recipients import Part
from notifications.campaigns.turns import seconds_to_turn, take_turn

# Seconds that a thread waits for the next mail, and between all mails of one job: less than the
# twenty that a worker which is stopped lets its jobs run on. What is slower comes back as a job.
LONGEST, IN_ALL = 1.0, 15.0
# Seconds until a job comes back while others send at the whole rate, at no more than a mail a
# second each: after an outage these may be hundreds.
BEHIND = 15.0


class Pace:
    """Of one job. `left`: the seconds until its next mail, where it is not to wait for that."""

    def __init__(self, part: Part, per_minute: int) -> None:
        self.part, self.gap, self.left = part, 60.0 / per_minute, 0.0
        self._waited, self._has_sent = 0.0, False

    def rest(self) -> bool:
        """Until a mail may go, without a database connection. False: not in this job.

        What a slow server has cost is not made up by a faster series.
        """
        wait = None
        if self._waited + LONGEST <= IN_ALL:
            wait = take_turn(self.part, within=LONGEST)
        if wait is None:
            left = seconds_to_turn(self.part.campaign)
            is_behind = self.gap <= LONGEST or not self._has_sent
            self.left = BEHIND if is_behind and left > LONGEST else left
            return False
        self._waited += wait
        self._has_sent = True
        if wait > 0:
            before_long_call()
            time.sleep(wait)
        return True
