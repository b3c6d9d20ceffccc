"""A test's own clock. `time` is every thread's: the test's alone sees what it puts there."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest


def replace(patched: pytest.MonkeyPatch, name: str, instead: Callable[..., Any]) -> None:
    """`time.sleep` and its like, for the thread that calls this alone; others have the real one."""
    real, mine = getattr(time, name), threading.get_ident()

    def either(*given: Any) -> Any:
        return (instead if threading.get_ident() == mine else real)(*given)

    patched.setattr(time, name, either)
