"""How long a client may keep a connection: arithmetic, and the connection that obeys it.

Whoever sends or takes slowly costs a file descriptor and no thread: waitress reads the whole
request before a thread sees it, and writes the answer after the thread has gone. So that
descriptors come back too, each request and each answer has GRACE seconds, and one more for each
MIN bytes that have passed.
"""

import logging
import time
from copy import copy
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestEntityTooLarge

from media.large_bodies import MOST_AT_ONCE, has_room

log = logging.getLogger(__name__)

GRACE, MIN = 20.0, 500
# Of one request: header fields, and bytes of the request line or of one field.
MOST_FIELDS, LONGEST_FIELD = 100, 8_190
FULL = "There is no room for this file now. Nothing was kept of it. Try again later."
TOO_LARGE = "At most {most:,} bytes can be sent here at once. Nothing was kept of it."


class NoRoom(Error):  # type: ignore[misc]  # the package has no types
    """The disk on which a large body waits does not take it."""

    code = 507
    reason = "Insufficient Storage"


class Pace:
    """What has passed since it began, in one direction."""

    def __init__(self, now: float) -> None:
        self.began, self.moved = now, 0

    def is_too_slow(self, now: float) -> bool:
        """Whether it should have ended by now."""
        return now - self.began > GRACE + self.moved / MIN


class BoundedParser(HTTPRequestParser):  # type: ignore[misc]  # the package has no types
    """400 for more fields, or longer ones, than any browser sends; 413 with a sentence, and 507
    where the disk is full. A body may be large where we have signed its address for files.
    """

    adj: Any
    error: Any

    def received(self, data: bytes) -> int:
        """How many bytes were taken."""
        try:
            taken = int(super().received(data))
        except OSError as error:
            log.warning("no_room_for_a_request", extra={"reason": str(error)})
            self.error, self.completed = NoRoom(FULL), True
            return len(data)
        if isinstance(self.error, RequestEntityTooLarge):
            most = self.adj.max_request_body_size
            self.error = RequestEntityTooLarge(TOO_LARGE.format(most=most))
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Counted before anything is made of them."""
        lines = header_plus.split(b"\r\n")
        if len(lines) > MOST_FIELDS or max(map(len, lines)) > LONGEST_FIELD:
            raise ParsingError("Too many header fields, or too long a one")
        super().parse_header(header_plus)
        if self.content_length and has_room(self.path, self.query):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = MOST_AT_ONCE


class PatientChannel(HTTPChannel):  # type: ignore[misc]  # the package has no types
    """One connection, looked at every second by its server."""

    parser_class = BoundedParser
    reading: Pace | None = None
    writing: Pace | None = None

    @property
    def is_busy(self) -> bool:
        """A whole request is here, or its answer is on its way."""
        return bool(self.requests or self.total_outbufs_len)

    @property
    def since(self) -> float:
        """Since when it has been waiting for its client."""
        waiting = self.writing if self.total_outbufs_len else self.reading
        return float(waiting.began if waiting else self.last_activity)

    def received(self, data: bytes) -> bool:
        """Begin to count where a request begins, and end where it is whole."""
        before = self.request
        understood = bool(super().received(data))
        if self.request is None:
            self.reading = None
        elif self.reading is None or self.request is not before:
            self.reading = Pace(time.time())
        if self.reading:
            self.reading.moved += len(data)
        return understood

    def send(self, data: bytes, *args: Any, **kwargs: Any) -> int:
        """Count what the client takes."""
        sent = int(super().send(data, *args, **kwargs))
        if self.writing:
            self.writing.moved += sent
        return sent

    def service(self) -> None:
        """In a thread, with a whole request. A server that stops keeps no connection.

        All of the answer counts, also what the kernel took at once and the client has yet to get.
        """
        self.writing = Pace(time.time())
        if self.server.is_stopping:
            self.requests[0].headers["CONNECTION"] = "close"
        super().service()

    def look(self, now: float, *, keepalive: float) -> None:
        """Close it when its client is too slow, or has been silent for too long."""
        if self.reading and self.is_busy:
            self.reading = Pace(now)  # we are not reading: the time is ours
        if self.writing and not self.total_outbufs_len:
            self.writing.began = now  # nothing waits for the client
        is_slow = any(pace.is_too_slow(now) for pace in (self.reading, self.writing) if pace)
        is_idle = not self.is_busy and not self.reading and now - self.since > keepalive
        if is_slow or is_idle:
            # Not when it can next be written to: that is just what such a client does not let be.
            self.handle_close()
