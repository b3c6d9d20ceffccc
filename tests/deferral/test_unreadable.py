"""What nobody can read is counted, whatever interrupts whoever reads it."""

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from deferral.broker import unreadable
from deferral.broker.unreadable import throw_away
from deferral.models import UnreadableMessages


@pytest.fixture(autouse=True)
def _nothing_yet(_ledger: None) -> Iterator[None]:
    unreadable.count()
    unreadable._COUNTS.clear()
    yield
    sys.settrace(None)


def write_down() -> None:
    """As the liveness thread does each second."""
    unreadable.count()
    unreadable.write_down(connection.cursor)
    connection.close()


def test_each_message_is_counted_once_with_the_last_reason() -> None:
    for number in range(3):
        throw_away("mail", ValueError(number), "?")
    write_down()
    throw_away("mail", ValueError(9), "?")
    write_down()

    [found] = UnreadableMessages.objects.values_list("queue", "count", "why")
    assert found == ("mail", 4, "ValueError(9)")


def test_who_writes_the_count_down_waits_for_nobody_who_reads() -> None:
    """A signal that ends the worker comes before any line, and its handler waits meanwhile."""
    waiting = list[bool]()

    def interrupt(*_: object) -> Any:
        writer = threading.Thread(target=write_down, daemon=True)
        writer.start()
        writer.join(timeout=2)
        waiting.append(writer.is_alive())
        return interrupt

    def trace(frame: Any, *_: object) -> Any:
        return interrupt if frame.f_code is throw_away.__code__ else None

    sys.settrace(trace)
    throw_away("mail", ValueError("?"), "?")
    sys.settrace(None)

    assert len(waiting) > 3
    assert not any(waiting)
