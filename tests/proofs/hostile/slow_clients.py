"""Clients that take their time: `python -m tests.proofs.hostile.slow_clients PORT KIND COUNT`.

`headers` never ends a request's headers, `bodies` never its body, `readers` asks for much and takes
next to nothing. Each sends or takes one byte every two seconds, which keeps every time-out for
silence from coming. It writes `ready` when all are connected, and ends when its input does.
"""

import asyncio
import contextlib
import socket
import sys

KINDS = ("headers", "bodies", "readers")
LARGE = "/static/shop/vendor/htmx-4.0.1.min.js"
PAUSE = 2.0


def beginning(kind: str, port: int) -> bytes:
    """What each sends at once."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    match kind:
        case "headers":
            return f"GET / HTTP/1.1\r\n{host}X-Slow: ".encode()
        case "bodies":
            form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n"
            return f"POST /cart/add/ HTTP/1.1\r\n{host}{form}\r\nsku=".encode()
        case _:
            return f"GET {LARGE} HTTP/1.1\r\n{host}\r\n".encode() * 60


async def stay(port: int, kind: str, all_here: asyncio.Barrier) -> None:
    """Until it is shut out; then it comes again, as an attacker would."""
    loop = asyncio.get_running_loop()
    is_first = True
    while True:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            line.setblocking(False)  # noqa: FBT003  the socket's own way
            with contextlib.suppress(OSError):
                await loop.sock_connect(line, ("127.0.0.1", port))
                await loop.sock_sendall(line, beginning(kind, port))
                if is_first:
                    is_first = False
                    await all_here.wait()
                await drip(line, kind)
        await asyncio.sleep(0.5)


async def drip(line: socket.socket, kind: str) -> None:
    """A byte at a time. Returns or raises when it is shut out."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(PAUSE)
        if kind == "readers":
            if not await loop.sock_recv(line, 1):
                return
        else:
            await loop.sock_sendall(line, b"a")


async def main(port: int, kind: str, count: int) -> None:
    """All of them."""
    all_here = asyncio.Barrier(count + 1)
    crowd = [asyncio.create_task(stay(port, kind, all_here)) for _ in range(count)]
    await all_here.wait()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
