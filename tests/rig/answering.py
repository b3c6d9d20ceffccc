"""Servers that give one answer to whatever they are asked."""

import socketserver


class Answering(socketserver.ThreadingTCPServer):
    """To each command of Redis the same bytes, well-formed or not."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def url(self) -> str:
        """As a setting has it. It names no base: choosing one is a question of its own."""
        return f"redis://127.0.0.1:{self.server_address[1]}"


class Answer(socketserver.StreamRequestHandler):
    """A command is a line with the count of its words, and two lines for each."""

    server: Answering

    def handle(self) -> None:
        try:
            while head := self.rfile.readline():
                for _ in range(int(head[1:])):
                    self.rfile.read(int(self.rfile.readline()[1:]) + 2)
                self.wfile.write(self.server.answer)
        except OSError:
            return
