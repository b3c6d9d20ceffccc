"""A clock that a test moves is its own: threads of earlier tests doze on."""

import re
import threading
import time
from pathlib import Path

import pytest

from tests.rig import clocks

TESTS = Path(__file__).resolve().parents[1]
FOR_ALL_THREADS = re.compile(r"setattr\(\s*(time,|f?\"[^\"]*\btime\.(sleep|monotonic|time)\")")


def test_a_thread_of_somebody_else_sleeps_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    clocks.replace(monkeypatch, "sleep", slept.append)

    other = threading.Thread(target=time.sleep, args=(0.001,))
    other.start()
    other.join()
    time.sleep(600)

    assert slept == [600]


def test_no_test_moves_the_clock_of_all_threads() -> None:
    found = [
        path.relative_to(TESTS)
        for path in TESTS.rglob("*.py")
        if FOR_ALL_THREADS.search(path.read_text()) and path.parent != Path(__file__).parent
    ]
    assert found == []
