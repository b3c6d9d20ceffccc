"""What happens to uploads: workers, their children, ffmpeg and the relay are killed, the storage
fails one call in ten, the broker is wiped once. Then until everybody has been told.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from deferral.models import Event, Job
from launcher.workers import WORKERS
from tests.bench.processes import family
from tests.bench.progress import say
from tests.bench.runs import QUIET
from tests.bench.stage import Stage, ask
from tests.proofs.chaos.campaign import moments
from tests.proofs.chaos.crew import Crew
from tests.proofs.chaos.media.uploaders import Uploaders
from tests.proofs.chaos.plan import Act
from tests.proofs.chaos.programme import FORWARD, FORWARD_EVERY
from tests.rig.emptying import empty_broker
from tests.rig.encoders import encoders, working_on
from tests.rig.failing_storage import FailingStorage

# Those who have to do with uploads.
NAMES = {"media", "mail"}
# ffmpeg is none of the crew: nobody starts it again but the job that had it.
VICTIMS: tuple[Act | str, ...] = ("ffmpeg", "ffmpeg", "child", "child", "worker", "relay")
KILL_EVERY = (1.5, 3.5)
WIPE = 0.5  # as a share of the storm
TICK, LOOK_EVERY, TELL_EVERY = 0.05, 0.2, 15.0
# Seconds that an ffmpeg may outlive whoever started it: the kernel ends it at once.
OUTLIVED = 1.0
# A join waits for a quarter of an hour until it goes on without a dead part.
PATIENCE = 1_500.0
RELEASE = "UPDATE deferral_job SET release_at = now() WHERE release_at > now()"


@dataclass
class MediaStorm:
    """What is going on, and what has: kills by role, ffmpegs that had lost their worker."""

    stage: Stage
    home: Path
    storage: FailingStorage
    hurry: bool
    crew: Crew
    kills: Counter[str] = field(default_factory=Counter)
    strays: dict[int, float] = field(default_factory=dict)
    orphans: set[int] = field(default_factory=set)
    wipes: int = 0
    is_sought: bool = False  # an ffmpeg, to be killed
    _due: dict[str, float] = field(default_factory=dict)

    def rage(self, people: Uploaders, lasts: float, seed: int) -> None:
        """Until all is uploaded and the storm's time is over. The storage is well afterwards."""
        chance = random.Random(seed)  # noqa: S311  a storm, not a secret
        began, kills = time.monotonic(), moments(chance, lasts, KILL_EVERY)
        next_kill = next(kills, None)
        people.start()
        while next_kill is not None or people.is_alive():
            people.are_well()
            now = time.monotonic() - began
            if next_kill is not None and now > next_kill:
                self._kill(chance.choice(VICTIMS), chance.random())
                next_kill = next(kills, None)
            if self.is_sought:
                self._kill_ffmpeg()
            if not self.wipes and now > WIPE * lasts:
                empty_broker()
                self.wipes += 1
            self._turn(f"{len(people.taken)} uploads, {self.kills.total()} kills")
        people.are_well()
        self.storage.one_in = 0

    def calm_down(self, people: Uploaders) -> None:
        """Until nothing is open and everybody has been told, or patience is at an end."""
        connection.close()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not is_quiet(len(people.taken)):
            if self.hurry and self._is_due("forward", FORWARD_EVERY):
                with connection.cursor() as cursor:
                    cursor.execute(FORWARD)
                    cursor.execute(RELEASE)
            self._turn(f"{Job.objects.filter(state__in=OPEN).count()} jobs are open")

    def _turn(self, state: str) -> None:
        self.crew.start_again()
        if self._is_due("look", LOOK_EVERY):
            self._look_for_strays(time.monotonic())
        if self._is_due("tell", TELL_EVERY):
            say(f"  {state}")
        time.sleep(TICK)

    def _is_due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True

    def _kill(self, role: str, dice: float) -> None:
        if role == "ffmpeg":
            self.is_sought = True
        else:
            self.kills[role] += self.crew.kill(role, dice) is not None

    def _kill_ffmpeg(self) -> None:
        """The next that a worker of ours has at work: where films wait for it, there is none."""
        for pid in encoders(self._worker)[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills["ffmpeg"] += 1
                self.is_sought = False

    def _look_for_strays(self, now: float) -> None:
        """Of ours, and no longer of a worker: who is so for long was forgotten."""
        known = {*family(self._worker)}
        lost = {pid for pid in working_on(self.home) if pid not in known}
        self.strays = {pid: self.strays.get(pid, now) for pid in lost}
        self.orphans |= {pid for pid, since in self.strays.items() if now - since > OUTLIVED}

    @property
    def _worker(self) -> int:
        return self.stage.named("media").pid


OPEN = (Job.State.WAITING, Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)
TOLD = Job.objects.filter(task="notifications.tell_of_upload", state__in=(*Job.SETTLED, "dead"))


def is_quiet(uploads: int) -> bool:
    """Nothing is open, and there was something to tell of each."""
    events = Event.objects.filter(type="media.asset_ready")
    return events.count() >= uploads and TOLD.count() >= uploads and bool(ask(QUIET))


def begun(stage: Stage, home: Path, storage: FailingStorage, *, hurry: bool) -> MediaStorm:
    """The workers that have to do with uploads, two relays, and all of them ready."""
    for worker in WORKERS:
        if worker.name in NAMES:
            stage.celery(worker)
    for start in (stage.relay, stage.relay):
        start()
    stage.ready()
    return MediaStorm(stage, home, storage, hurry, Crew(stage.started))
