"""Waiting until something is so: never longer than it takes, never for ever."""

from collections.abc import Callable

from launcher.servers.process import wait_for

PATIENCE = 60.0  # seconds: of a machine that is shared


def eventually(
    happened: Callable[[], bool],
    *,
    patience: float = PATIENCE,
    show: Callable[[], str] = lambda: "",
) -> None:
    """Look every 50 ms until it happened; fail with a picture when it does not."""
    assert wait_for(happened, patience=patience), f"not within {patience} s:\n{show()}"
