"""gunicorn's processes, waitress's reading and writing: nobody's slowness takes a thread.

gunicorn starts, watches and stops the processes, as for its own workers. In each of them one loop
reads requests until they are whole, headers and body; then one of `threads` threads answers; then
the loop writes the answer, however slowly it is taken. docs/adr/0026 has the figures of the choice.
"""

import os
import resource
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher

from config.patience import PatientChannel
from config.spooling import spooled_on_disk

# Connections of one process. Room is made for newer ones by those that wait longest for a client.
MOST_CONNECTIONS = 2_000
ROOM = MOST_CONNECTIONS // 10
# Bytes of a request's headers together, and of its body, chunked or not. No form of ours has a
# tenth of that, and pages that take files have addresses of their own (media.large_bodies).
MOST_HEADER, MOST_BODY = 32_768, 2_621_440
LIMITS = {
    "connection_limit": MOST_CONNECTIONS,
    "max_request_header_size": MOST_HEADER,
    "max_request_body_size": MOST_BODY,
    # What is larger waits in a file and not in memory (config.spooling).
    "outbuf_overflow": 65_536,
    "inbuf_overflow": 65_536,
    # Seconds between two looks at every connection.
    "cleanup_interval": 1,
    # Who is believed about them is decided in deferral.pressure.askers and by BEHIND_PROXY.
    "clear_untrusted_proxy_headers": False,
    "log_socket_errors": False,
    "ident": "",
}
# Seconds that a kept connection is left open while the process ends: a request may be on its way.
LINGER = 1.0


class PatientServer(BaseWSGIServer):  # type: ignore[misc]  # the package has no types
    """One listening socket. Its connections are looked at each second."""

    channel_class = PatientChannel
    is_stopping = False

    def maintenance(self, now: float) -> None:
        """Called by the loop."""
        channels = list(self.active_channels.values())
        for channel in channels:
            channel.look(now, keepalive=self.adj.channel_timeout)
        if len(channels) >= MOST_CONNECTIONS - ROOM:
            waiting = [
                channel for channel in channels if channel.connected and not channel.requests
            ]
            for channel in sorted(waiting, key=lambda channel: channel.since)[:ROOM]:
                channel.handle_close()

    def stop_listening(self) -> None:
        """Connections that are there go on; each is closed after its answer."""
        self.is_stopping, self.accepting = True, False
        self.del_channel()
        self.socket.close()


class PatientTcpServer(PatientServer, TcpWSGIServer):  # type: ignore[misc]  # as above
    """On a port."""


class PatientUnixServer(PatientServer, UnixWSGIServer):  # type: ignore[misc]  # as above
    """On a socket in the file system."""


class PatientWorker(Worker):  # type: ignore[misc]  # the package has no types
    """For gunicorn's `worker_class`. Of its options it honours threads, keepalive and
    graceful_timeout; limits are this module's.
    """

    def run(self) -> None:
        """Until told to stop, or until nobody would tell: the master is gone."""
        allow_files()
        with spooled_on_disk():
            self._serve()

    def _serve(self) -> None:
        self.map: dict[int, Any] = {}
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        self.servers = [self._listen(each.sock) for each in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._turn(1.0)
        self._finish()

    def _turn(self, patience: float) -> None:
        self.notify()
        wasyncore.loop(patience, use_poll=True, map=self.map, count=1)

    def _finish(self) -> None:
        """Answer what has been asked, for graceful_timeout seconds at most."""
        for server in self.servers:
            server.stop_listening()
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self.cfg.graceful_timeout:
            channels = [each for server in self.servers for each in server.active_channels.values()]
            if not any(channel.is_busy for channel in channels) and passed > LINGER:
                break
            self._turn(0.1)
        self.dispatcher.shutdown(timeout=1)

    def _listen(self, sock: Any) -> PatientServer:
        made = Adjustments(
            **LIMITS,
            sockets=[sock],
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            channel_timeout=self.cfg.keepalive,
        )
        about = (sock.family, sock.type, sock.proto, sock.getsockname())
        is_path = sock.family.name == "AF_UNIX"
        return (PatientUnixServer if is_path else PatientTcpServer)(
            self.wsgi,
            map=self.map,
            _sock=sock,
            dispatcher=self.dispatcher,
            adj=made,
            sockinfo=about,
            bind_socket=False,
        )


def allow_files() -> None:
    """Each connection is a file; a shell allows 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS * 2
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
