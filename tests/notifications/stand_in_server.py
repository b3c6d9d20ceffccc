"""A mail server that refuses where it is told to: at its greeting, HELO, AUTH, MAIL, RCPT, DATA."""

import socketserver

SIZE_OF_A_LINE = 1_000
GRANTED = {
    "EHLO": "250-here\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


class Server(socketserver.ThreadingTCPServer):
    """`refusals`: a verb ("CONNECT" for the greeting, "." for the message) and the answer to it."""

    daemon_threads = True

    def __init__(self, refusals: dict[str, str]) -> None:
        self.refusals = refusals
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    """Takes everything but what it refuses."""

    server: Server

    def handle(self) -> None:
        self.say(self.answer("CONNECT", "220 at your service"))
        while line := self.rfile.readline(SIZE_OF_A_LINE).decode():
            verb = line.split()[0].upper()
            self.say(self.answer(verb, GRANTED.get(verb, "250 taken")))
            if verb == "DATA" and verb not in self.server.refusals:
                self.take_message()
            if verb == "QUIT":
                return

    def answer(self, verb: str, otherwise: str) -> str:
        return self.server.refusals.get(verb, otherwise)

    def take_message(self) -> None:
        while self.rfile.readline() not in {b".\r\n", b""}:
            pass
        self.say(self.answer(".", "250 taken"))

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
