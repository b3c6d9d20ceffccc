"""A mail server that refuses where it is told to: at its greeting, HELO, AUTH, MAIL, RCPT, DATA.

Or does not end what it says there, or says nothing there.
"""

import socketserver
import time
from contextlib import suppress

SIZE_OF_A_LINE = 1_000
GRANTED = {
    "EHLO": "250-here\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
    "STARTTLS": "220 go on",
    # The first bytes of a long ServerHello.
    "HANDSHAKE": "\x16\x03\x03\x1f\x1f\x02\x00\x1f\x1b",
}


class Server(socketserver.ThreadingTCPServer):
    """`refusals`: a verb ("CONNECT" for the greeting, "." for the message) and the answer to it.

    `drips_at`, `hangs_at`: the verb whose answer never ends, or never begins.
    """

    daemon_threads = True

    def __init__(self, refusals: dict[str, str]) -> None:
        self.refusals = refusals
        self.drips_at = self.hangs_at = ""
        self.accepted = 0
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    """Takes everything but what it refuses."""

    server: Server

    def handle(self) -> None:
        self.say("CONNECT", "220 at your service")
        while line := self.rfile.readline(SIZE_OF_A_LINE).decode():
            verb = line.split()[0].upper()
            self.say(verb, GRANTED.get(verb, "250 taken"))
            if verb == "DATA" and verb not in self.server.refusals:
                self.take_message()
            if verb == "STARTTLS":
                self.rfile.read(1)  # as soon as the other side begins with it
                self.say("HANDSHAKE", GRANTED["HANDSHAKE"])
            if verb == "QUIT":
                return

    def take_message(self) -> None:
        while self.rfile.readline() not in {b".\r\n", b""}:
            pass
        self.server.accepted += 1
        self.say(".", "250 taken")

    def say(self, verb: str, otherwise: str) -> None:
        answer = self.server.refusals.get(verb, otherwise).encode()
        if verb == self.server.hangs_at:
            self.rfile.read()
        elif verb == self.server.drips_at:
            self.drip(answer)
        else:
            self.wfile.write(answer + b"\r\n")

    def drip(self, answer: bytes) -> None:
        with suppress(OSError):
            self.wfile.write(answer)
            while True:
                self.wfile.write(b"x")
                time.sleep(0.1)
