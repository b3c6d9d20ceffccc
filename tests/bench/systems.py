"""The ways of doing the same work that are compared."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from unittest import mock

from audit import services as audit
from launcher.servers.process import Process
from orders.services import paid
from tests.baselines import defaults, in_a_row, textbook
from tests.baselines.twins import paying_with
from tests.bench.stage import Stage


@dataclass(frozen=True)
class System:
    """Its worker's Celery application, and how a payment is announced to it."""

    name: str
    title: str
    app: str = "config"
    has_relay: bool = True
    env: Mapping[str, str] = field(default_factory=dict)
    paying: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext

    def start(self, stage: Stage, **more: str) -> dict[str, list[Process]]:
        """Its processes by role, ready."""
        env = {**self.env, **more}
        started = {"worker": stage.crew(self.app, **env)}
        if self.has_relay:
            started["relay"] = [stage.relay(**env)]
        stage.ready()
        return started


CHORDS = System("chords", "Halyard, joins as chords", env={"JOINS_AS_CHORDS": "true"})
LEDGER = System("ledger", "Halyard, joins by the ledger", env={"JOINS_AS_CHORDS": "false"})
TEXTBOOK = System(
    "textbook",
    "textbook Celery (acks_late, django-db)",
    app="tests.baselines.textbook",
    has_relay=False,
    paying=partial(paying_with, textbook.app),
)
DEFAULTS = System(
    "defaults",
    "Celery's defaults (lose work)",
    app="tests.baselines.defaults",
    has_relay=False,
    paying=partial(paying_with, defaults.app),
)
ALL = (CHORDS, LEDGER, TEXTBOOK, DEFAULTS)


@contextlib.contextmanager
def paying_with_nothing() -> Iterator[None]:
    """Meanwhile a payment is announced to nobody: whoever pays does the rest himself."""
    with (
        mock.patch.object(paid, "publish", in_a_row.announce),
        mock.patch.object(audit, "publish", in_a_row.announce),
    ):
        yield
