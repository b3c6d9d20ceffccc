"""What an external service may answer, and what the ledger makes of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deferral.errors import Bury, Retry
from deferral.external.http import connections, seconds_asked, tell
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from deferral.ledger.selectors import with_failure_kind
from deferral.models import Breaker, Job
from tests.deferral.bench import doing, run
from tests.rig.listening import listening

Observation = list[tuple[str, bytes]]

THEM = external_service("them")


@pytest.fixture
def service() -> Iterator[Callable[..., tuple[str, Observation]]]:
    """A server that answers as it is told: its address, and what it heard."""
    servers = ExitStack()

    def answering(status: int, **headers: str) -> tuple[str, Observation]:
        received: Observation = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                received.append((self.headers["Idempotency-Key"], self.rfile.read(length)))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"no")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.enter_context(listening(server))
        return f"http://127.0.0.1:{server.server_port}/", received

    with servers:
        yield answering
        connections().close()
        connections.cache_clear()


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_is_accepted_is_told_once_under_its_key(
    status: int, service: Callable[..., tuple[str, Observation]]
) -> None:
    url, received = service(status)

    tell(THEM, url, key="k:1", content={"a": 1})

    assert received == [("k:1", b'{"a": 1}')]


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503])
def test_not_now_is_tried_again(
    status: int, service: Callable[..., tuple[str, Observation]]
) -> None:
    url, _ = service(status, Retry_After="7")

    with pytest.raises(Retry, match=f"them answered {status}") as caught:
        tell(THEM, url, key="k", content=b"raw")

    assert caught.value.after == 7


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410, 422])
def test_never_is_buried(status: int, service: Callable[..., tuple[str, Observation]]) -> None:
    url, received = service(status, Location="http://127.0.0.1:1/elsewhere")

    with pytest.raises(Bury):
        tell(THEM, url, key="k", content=b"raw")

    assert len(received) == 1


def test_nobody_there_is_tried_again() -> None:
    with pytest.raises(Retry, match="did not answer") as caught:
        tell(THEM, "http://127.0.0.1:1/", key="k", content={})

    assert caught.value.failure_kind is FailureKind.SILENT
    assert Breaker.objects.get().failure_kind == "silent"


@pytest.mark.parametrize(
    ("status", "failure_kind"), [(503, "unable"), (409, "unable"), (429, "busy")]
)
def test_an_answer_is_never_taken_for_silence(
    status: int, failure_kind: str, service: Callable[..., tuple[str, Observation]]
) -> None:
    url, _ = service(status)

    with pytest.raises(Retry, match=f"^them answered {status}") as caught:
        tell(THEM, url, key="k", content={})

    assert caught.value.failure_kind == failure_kind
    assert [row.failure_kind for row in Breaker.objects.filter(failures=1)] == [failure_kind] * (
        status != 409
    )


def test_what_came_of_asking_is_kept_with_the_job(
    service: Callable[..., tuple[str, Observation]],
) -> None:
    url, _ = service(503)
    row = run(doing(lambda: tell(THEM, url, key="k", content={})))

    [job] = with_failure_kind(Job.objects.filter(pk=row.pk).defer("errors"))
    assert (job.state, job.failure_kind) == ("pending", "unable")


@pytest.mark.parametrize(
    ("said", "seconds"), [("0", 0), ("120", 120), ("", None), ("soon", None), ("²", None)]
)
def test_retry_after_in_seconds(said: str, seconds: float | None) -> None:
    assert seconds_asked(said) == seconds


def test_retry_after_as_a_date_also_one_that_has_passed() -> None:
    now = datetime.now(UTC)

    assert 55 < (seconds_asked(format_datetime(now + timedelta(minutes=1))) or 0) <= 60
    assert seconds_asked(format_datetime(now - timedelta(minutes=1))) == 0
