"""The rate of a campaign, kept from mail to mail: a hundred at once would hold up everybody else.

Not for the campaign as a whole: its chunks begin at its rate (`handlers.campaigns`).
"""

import time

from deferral.external.long_calls import before_long_call

# Seconds that a thread waits for the next mail, and between all mails of one job: less than the
# twenty that a worker which is stopped lets its jobs run on. What is slower comes back as a job.
LONGEST, IN_ALL = 1.0, 15.0


class Pace:
    """Of one job. `left`: the seconds until its next mail, where it is not to wait for that."""

    def __init__(self, per_minute: int) -> None:
        self.gap, self.left = 60.0 / per_minute, 0.0
        self._due, self._waited = time.monotonic(), 0.0

    def rest(self) -> bool:
        """Until the next mail may go, without a database connection. False: not in this job.

        What a slow server has cost is not made up by a faster series.
        """
        now = time.monotonic()
        self._due = max(self._due + self.gap, now)
        wait = self._due - now
        if wait > LONGEST or self._waited + wait > IN_ALL:
            self.left = wait
            return False
        self._waited += wait
        if wait > 0:
            before_long_call()
            time.sleep(wait)
        return True
