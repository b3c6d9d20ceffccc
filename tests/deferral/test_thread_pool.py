"""A worker becomes what its pool and its queues say, or does not start."""

from types import SimpleNamespace

import pytest

from deferral.threads import pool


def test_what_goes_wrong_as_it_begins_ends_it_rather_than_its_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Celery logs whatever a signal's receiver raises, and goes on."""

    def fail(*_: object) -> None:
        raise OSError("no thread left")

    queues = SimpleNamespace(consume_from={"mail": None})
    app = SimpleNamespace(amqp=SimpleNamespace(queues=queues))
    monkeypatch.setattr(pool, "run_in_threads", fail)

    with pytest.raises(SystemExit, match="does not start: OSError"):
        pool._become(SimpleNamespace(pool_cls="threads", concurrency=4, app=app))
