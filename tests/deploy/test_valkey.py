"""The composition's Valkey, by its own command: nobody is listened to without the password."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, ConnectionError  # noqa: A004  redis's own

from launcher.servers.process import spawn, stop, wait_for
from launcher.servers.valkey import Valkey
from tests.deploy.composed import services
from tests.deploy.test_make_secrets import make_secrets
from tests.rig.ports import free_ports
from tests.rig.servers import HOME

pytestmark = pytest.mark.exhaustive


@pytest.fixture
def secrets() -> Path:
    folder = Path(tempfile.mkdtemp(dir=HOME)) / "secrets"
    make_secrets.make(folder, demo=False)
    return folder


@pytest.fixture
def port(secrets: Path) -> Iterator[int]:
    """Where it listens, in its container's words but for the places."""
    [port] = free_ports(1)
    _server, auth, *options = services()["valkey"]["command"]
    binary = Valkey(secrets.parent, secrets.parent).command()[0]
    file = auth.replace("/run/secrets", str(secrets))
    place = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(secrets.parent)]
    process = spawn([binary, file, *options, *place], log=secrets.parent / "valkey.log")
    assert wait_for(lambda: answers(port), patience=20), (secrets.parent / "valkey.log").read_text()
    yield port
    stop(process, with_signal=Valkey.stop_signal, grace=5)


def answers(port: int) -> bool:
    """Whoever refuses us listens."""
    try:
        with Redis(port=port) as line:
            line.ping()
    except AuthenticationError:
        return True
    except ConnectionError:
        return False
    return False


def test_without_the_password_nobody_is_listened_to(port: int, secrets: Path) -> None:
    with pytest.raises(AuthenticationError), Redis(port=port) as service:
        service.ping()

    url = (secrets / "broker_url").read_text()
    assert url.endswith("@valkey:6379/0")
    with Redis.from_url(url.replace("valkey:6379", f"127.0.0.1:{port}")) as ours:
        assert ours.ping()
