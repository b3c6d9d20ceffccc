"""An end to a look-up of a name: nothing can interrupt one, so that it is left to a thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, ask: Callable[[], T]) -> T:
    """What it returns or raises. TimeoutError after so many seconds: nobody waits for it then."""
    found: Future[T] = Future()

    def work() -> None:
        try:
            found.set_result(ask())
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            found.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return found.result(timeout=seconds)
