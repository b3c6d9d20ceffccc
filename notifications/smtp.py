"""Django's SMTP, under the deadline of whoever sends: with TLS from the start, later, or never.

Of what the server says 64 kB are read: `smtplib` keeps each line of a reply that has no end.
"""

import smtplib
import socket
from typing import IO

from django.core.mail.backends import smtp

from deferral.external.deadlines import is_over, watch

MOST_READ = 65_536


class _Beginning:
    """Of what the server says. After so many bytes it reads as if it had hung up."""

    def __init__(self, said: IO[bytes]) -> None:
        self.said, self.left = said, MOST_READ
        self.close = said.close

    def readline(self, most: int) -> bytes:
        """Empty when there is no more."""
        line = self.said.readline(min(most, self.left))
        self.left -= len(line)
        return line


class _Watched(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        watch(line)
        return line

    def getreply(self) -> tuple[int, bytes]:
        """SMTPServerDisconnected for what was cut: half a reply may read like a whole one."""
        if self.file is None and self.sock is not None:
            self.file = _Beginning(self.sock.makefile("rb"))
        reply = super().getreply()
        if is_over():
            self.close()
            msg = "cut off in the middle of what it said"
            raise smtplib.SMTPServerDisconnected(msg)
        return reply


class _WatchedTLS(smtplib.SMTP_SSL, _Watched):
    """Its handshake too: what is watched is the socket below."""


class EmailBackend(smtp.EmailBackend):
    """The settings' mail server."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """As Django chooses, and watched."""
        return _WatchedTLS if self.use_ssl else _Watched
