"""A worker that is told to leave says so first, whatever Celery makes of the signal."""

import signal
from collections.abc import Iterator

import pytest
from celery.worker import state

from deferral.threads import leaving
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
    """Of QUIT, and of the second Ctrl-C."""
    pytest.fail("Celery's own cold end kills what runs")


def worker_Warm(*_: object) -> None:  # noqa: N802 - as Celery names it
    """Of the first, which installs the second."""
    signal.signal(signal.SIGINT, worker_Cold)


@pytest.fixture
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as a thread worker in which something runs."""
    monkeypatch.setattr(stopping, "IN_PLACE_OF_A_COLD_END", [leaving.leave_soon])
    monkeypatch.setattr(leaving, "_until", [])
    monkeypatch.setattr(state, "active_requests", {"one"})
    monkeypatch.setattr(state, "should_stop", None)


@pytest.mark.usefixtures("_threads")
def test_the_second_interrupt_waits_for_the_threads_too() -> None:
    signal.signal(signal.SIGINT, worker_Warm)
    stopping.hear_first()

    signal.raise_signal(signal.SIGINT)
    assert not leaving.is_leaving()
    signal.raise_signal(signal.SIGINT)

    assert leaving.is_leaving()
    assert all(isinstance(signal.getsignal(number), Leaving) for number in SIGNALS)


@pytest.mark.usefixtures("_threads")
def test_a_threads_worker_is_told_and_its_signals_handler_waits_for_nothing() -> None:
    """It interrupts the main thread in any line, with a log's lock in its hands, say."""
    signal.signal(signal.SIGQUIT, worker_Cold)
    stopping.hear_first()

    signal.raise_signal(signal.SIGQUIT)

    assert leaving.is_leaving()
    assert str(state.should_stop) == "0"
