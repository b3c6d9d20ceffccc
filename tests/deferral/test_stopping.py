"""A worker that is told to leave says so first, whatever Celery makes of the signal."""

import signal
from collections.abc import Iterator

import pytest

from deferral.worker import stopping
from deferral.worker.liveness import LIVENESS
from deferral.worker.stopping import Leaving

SIGNALS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(LIVENESS, "_leaving", False)
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def worker_Cold(*_: object) -> None:  # noqa: N802 - as Celery names it
    """Of the second Ctrl-C."""


def worker_Warm(*_: object) -> None:  # noqa: N802 - as Celery names it
    """Of the first, which installs the second."""
    signal.signal(signal.SIGINT, worker_Cold)


def test_the_second_interrupt_waits_for_the_threads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(stopping, "BEFORE_THE_END", [lambda: waited.append(1)])
    signal.signal(signal.SIGINT, worker_Warm)
    stopping.hear_first()

    signal.raise_signal(signal.SIGINT)
    assert waited == []
    signal.raise_signal(signal.SIGINT)

    assert waited == [1]
    assert all(isinstance(signal.getsignal(number), Leaving) for number in SIGNALS)
