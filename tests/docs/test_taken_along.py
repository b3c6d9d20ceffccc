"""`docs/take-deferral-along.md` is run: a project of its own, its worker killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from launcher.servers.process import Process, kill_group, last_lines, spawn, wait_for
from tests.docs.copying import ROOT, copy_code
from tests.rig.depth import thorough
from tests.rig.listening import listening
from tests.rig.servers import POSTGRES, RUN, VALKEY

MANAGE = [sys.executable, "manage.py"]
PSQL = POSTGRES.psql()[:-1]


class Book:
    """A CRM that drops a key it knows, and counts."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        book = self

        class Staff(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                book.keys[self.headers["Idempotency-Key"]] += 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Staff)


@pytest.fixture
def book() -> Iterator[Book]:
    found = Book()
    with listening(found.server):
        yield found


@pytest.fixture
def project(starts_processes: None, tmp_path: Path, book: Book) -> Iterator["Project"]:
    found = Project(tmp_path, f"http://127.0.0.1:{book.server.server_port}/")
    yield found
    found.close()


class Project:
    """The files of the page and a copy of deferral/, on the test run's own servers."""

    def __init__(self, home: Path, crm: str) -> None:
        self.home = home
        self.processes: list[Process] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "yours.settings",
            "SECRET_KEY": "taken along",
            "PGHOST": str(RUN),
            "PGUSER": "halyard",
            "BROKER_URL": VALKEY.url(9),
            "CRM_URL": crm,
        }
        copy_code("take-deferral-along.md", home)
        shutil.copy(ROOT / "manage.py", home)
        shutil.copytree(ROOT / "deferral", home / "deferral")

    def run(self, *command: str) -> str:
        """A command that ends."""
        done = subprocess.run(  # noqa: S603 - written on the page, or here
            command,
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str, *command: str, **env: str) -> Process:
        """A process that goes on."""
        whole = self.environment | env
        log = self.home / f"{name}.log"
        self.processes.append(spawn(command, log=log, env=whole, cwd=self.home))
        return self.processes[-1]

    def prepare(self) -> None:
        """An empty database, and the reader's migrations."""
        empty = ("-c", "DROP DATABASE IF EXISTS yours", "-c", "CREATE DATABASE yours")
        self.run(*PSQL, POSTGRES.url("postgres"), *empty)
        self.run(*MANAGE, "makemigrations", "signups")
        self.run(*MANAGE, "migrate", "-v", "0")

    def worker(self, name: str, **env: str) -> Process:
        celery = (sys.executable, "-m", "celery", "-A", "yours", "worker", "-Q", "critical,bulk")
        return self.start(name, *celery, "-c", "2", "-n", name, **env)

    def jobs(self) -> str:
        """Key, state and attempts of every job."""
        return self.ask("SELECT concat_ws(' ', key, state, attempts) FROM deferral_job")

    def schedules(self) -> str:
        """What beat will have done."""
        return self.ask("SELECT task FROM django_celery_beat_periodictask")

    def ask(self, statement: str) -> str:
        """What the database says."""
        return self.run(*PSQL, POSTGRES.url("yours"), "-Atc", statement).strip()

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for it, or fail with what the processes said."""
        assert wait_for(happened, patience=60), self.logs()

    def logs(self) -> str:
        return "\n".join(last_lines(log) for log in self.home.glob("*.log"))

    def close(self) -> None:
        for process in self.processes:
            kill_group(process)
            process.wait()


def test_deferral_runs_in_a_project_of_its_own(project: Project, book: Book) -> None:
    project.prepare()
    (crash := project.home / "crash").mkdir()
    (crash / "service_told").write_text("worker")
    first = project.worker("first", CRASHPOINT=str(crash))
    project.start("relay", *MANAGE, "relay")
    sign_up = "from signups.services import sign_up; sign_up('ada@example.org')"
    project.run(*MANAGE, "shell", "-v", "0", "-c", sign_up)

    project.until(lambda: first.poll() == -signal.SIGKILL)
    project.worker("second")

    project.until(lambda: list(book.keys.values()) == [2])
    [key] = book.keys
    assert re.fullmatch("crm:1-[0-9a-z]{8}", key)
    project.until(lambda: project.jobs() == f"{key} done 1")


@thorough
def test_its_ledger_is_swept_every_night(project: Project) -> None:
    project.prepare()
    project.start("beat", sys.executable, "-m", "celery", "-A", "yours", "beat")

    project.until(lambda: project.schedules() == "deferral.sweep")
