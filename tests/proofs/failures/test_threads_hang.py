"""External services that hang or drip, and a worker whose threads have few connections."""

import contextlib
import socketserver
import time

import pytest
from django.db import connection

from config.database import for_threads
from deferral.models import Job
from tests.proofs.failures.thread_workers import (
    all_done,
    costs,
    in_threads,
    open_door,
    poke_many,
    running,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.listening import listening
from tests.rig.running_shop import RunningShop

SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'worker %%'
"""


class Dripping(socketserver.BaseRequestHandler):
    """A byte and a pause, without an end: each read is answered in time."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            while True:
                self.request.sendall(b".")
                time.sleep(0.5)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(("threads", "few"), [(10, 1), pytest.param(20, 2, marks=thorough)])
def test_a_pool_of_few_connections_serves_jobs_while_all_but_one_hang_in_calls(
    shop: RunningShop, threads: int, few: int
) -> None:
    shop.relay()
    in_threads(shop, threads, "mail")
    hanging = poke_many(shop, "write_to", threads - 1)
    wait_until_running(shop, threads - 1)

    others = all_done(shop, poke_many(shop, "note_in_mail", 20))

    assert for_threads(threads) == few
    assert sessions() <= 1 + few  # the process's own, which holds the locks, and the pool's
    assert running() == threads - 1
    assert costs(others) == {(1, 0, 0)}
    open_door(shop)
    assert costs(all_done(shop, hanging)) == {(1, 0, 0)}


@thorough
def test_one_service_that_hangs_costs_the_others_nothing(shop: RunningShop) -> None:
    shop.relay()
    in_threads(shop, 12)
    hanging = poke_many(shop, "ask_who_hangs", 30)
    wait_until_running(shop, 4)

    others = all_done(shop, poke_many(shop, "ask_who_is_well", 30))

    assert not Job.objects.filter(key__in=hanging, state="done").exists()
    assert sum(shop.marks(f"ask_who_hangs-{number}") for number in range(30)) == 12 // 3
    assert costs(others) == {(1, 0, 0)}
    open_door(shop)
    assert costs(all_done(shop, hanging)) == {(1, 0, 0)}


@thorough
def test_an_answer_that_drips_is_ended_at_the_limit_in_its_thread(shop: RunningShop) -> None:
    server = Server(("127.0.0.1", 0), Dripping)
    (shop.scratch / "address").write_text(f"http://127.0.0.1:{server.server_address[1]}/")
    shop.relay()
    worker = in_threads(shop, 4)
    with listening(server):
        job = shop.poke("read_slowly", "d", settled="dead")

    assert [error["class"] for error in job.errors] == ["SoftTimeLimitExceeded"] * 3
    assert (job.crashes, job.losses, shop.marks("d")) == (0, 0, 3)
    assert worker.poll() is None
    assert costs(all_done(shop, poke_many(shop, "note", 8))) == {(1, 0, 0)}
