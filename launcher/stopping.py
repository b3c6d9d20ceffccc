"""Ending a stack: applications, then the world outside, then the broker, then the database."""

import time
from collections.abc import Callable, Sequence

from launcher.bell import Bell
from launcher.child import Child
from launcher.program import Layer

WITHOUT_SERVERS = 10.0  # longest grace when a server is dead: work could not be recorded anyway


def stop_all(children: Sequence[Child], *, bell: Bell, say: Callable[[str], None]) -> None:
    """End every child, layer by layer. Nothing is left when this returns.

    A second request to stop ends the applications at once, a third the servers too.
    """
    limit = WITHOUT_SERVERS if _server_is_dead(children) else float("inf")
    for layer in sorted(Layer, reverse=True):
        living = [child for child in children if child.program.layer is layer and child.pid]
        if living:
            say(f"Stopping {', '.join(child.program.name for child in living)} ...")
            _stop_layer(living, bell=bell, limit=limit)
    for child in children:
        child.bury()
    say("Stopped.")


def _server_is_dead(children: Sequence[Child]) -> bool:
    servers = [child for child in children if child.program.layer < Layer.WORLD]
    return any(server.process and not server.pid for server in servers)


def _stop_layer(living: Sequence[Child], *, bell: Bell, limit: float) -> None:
    asked_at = time.monotonic()
    for child in living:
        child.ask_to_stop()
    while left := [child for child in living if child.pid]:
        for child in left:
            patience = min(child.program.grace, limit)
            if time.monotonic() - asked_at > patience or _hurried(child, bell):
                child.bury()
        bell.nap(0.1)
    for child in living:
        child.bury()


def _hurried(child: Child, bell: Bell) -> bool:
    return bell.requests >= (2 if child.program.layer >= Layer.WORLD else 3)
