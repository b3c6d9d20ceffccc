"""The table of Halyard's programs."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGQUIT, SIGTERM

from launcher.options import Options
from launcher.probes import All, Answers, Listens, Notifies, Responds
from launcher.program import Layer, Program
from launcher.servers.postgres import Postgres
from launcher.servers.server import Server
from launcher.servers.sockets import socket_dir
from launcher.servers.valkey import Cache, Valkey
from launcher.workers import WORKERS, Worker

PYTHON = sys.executable
ABSENT = Path(__file__).with_name("absent")
# On one machine: customers before confirmations, those before partners, those before the rest.
NICE = {
    "critical": 4,
    "mail": 4,
    "partners": 12,
    "mailings": 14,
    "background": 14,
    "media": 15,
    "bulk": 16,
}


@dataclass(frozen=True)
class Stack:
    """The programs, and the addresses of the servers among them."""

    programs: tuple[Program, ...]
    servers: Mapping[str, str]


def halyard(options: Options, environ: Mapping[str, str]) -> Stack:
    """Every program. A server whose address is in the environment is not ours to start."""
    run_dir = socket_dir(options.data_dir)
    times = {"log_timezone": environ.get("TZ") or "UTC"}
    postgres = Postgres(options.data_dir / "postgres", run_dir, times)
    valkey = Valkey(options.data_dir / "valkey", run_dir)
    programs, addresses = [], {}
    if not environ.get("DATABASE_URL"):
        programs.append(_server(postgres, Layer.DATABASE))
        addresses["DATABASE_URL"] = postgres.url()
    if not environ.get("BROKER_URL"):
        programs.append(_server(valkey, Layer.BROKER))
        addresses["BROKER_URL"] = valkey.url()
    if not environ.get("CACHE_URL"):
        cache = Cache(options.data_dir / "cache", run_dir)
        programs.append(_server(cache, Layer.BROKER))
        addresses["CACHE_URL"] = cache.url()
    shop = [*_commands(), *_apps(options, run_dir), _flower(options)]
    lean = as_deployed(environ)
    programs += [_sandbox(options), *(replace(one, env={**lean, **one.env}) for one in shop)]
    return Stack(_existing(programs), addresses)


def as_deployed(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what the sandbox and developers have installed for themselves.

    Stripe's SDK imports aiohttp wherever it is found, and structlog rich: they would cost each
    process of the shop 0.2 s of CPU when it starts, and 10 MiB.
    """
    paths = (str(ABSENT), environ.get("PYTHONPATH"))
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _server(server: Server, layer: Layer) -> Program:
    return Program(
        name=server.name,
        command=tuple(server.command()),
        layer=layer,
        probe=Answers(server.ready),
        prepare=server.prepare,
        stop_signal=server.stop_signal,
        death_signal=server.stop_signal,
        grace=30,
    )


def _commands() -> list[Program]:
    migrate = (PYTHON, "manage.py", "migrate", "--noinput", "--verbosity=1")
    seed = (PYTHON, "manage.py", "seed")
    return [
        Program(
            name="migrate", command=migrate, layer=Layer.APPS, after=("postgres",), patience=300
        ),
        Program(name="seed", command=seed, layer=Layer.APPS, after=("migrate",), patience=300),
    ]


def _sandbox(options: Options) -> Program:
    ports = options.ports
    return Program(
        name="sandbox",
        command=(PYTHON, "-m", "sandbox"),
        layer=Layer.WORLD,
        probe=All(
            Responds(ports["SANDBOX_PORT"], "/healthz"),
            Listens(ports["SANDBOX_SMTP_PORT"]),
            Listens(ports["MAIL_PORT"]),
        ),
    )


def _apps(options: Options, run_dir: Path) -> list[Program]:
    relay = (PYTHON, "manage.py", "relay")
    beat = (PYTHON, "-m", "celery", "-A", "config", "beat", "-l", "INFO")
    return [
        web(options.ports["WEB_PORT"]),
        _notifying("relay", relay, run_dir, grace=10),
        *(_worker(run_dir, each, options.grace) for each in WORKERS),
        _notifying("beat", beat, run_dir, grace=10),
    ]


def _notifying(name: str, command: tuple[str, ...], run_dir: Path, *, grace: float) -> Program:
    return Program(
        name=name,
        command=command,
        layer=Layer.APPS,
        probe=Notifies(run_dir / f"{name}.notify"),
        after=("seed", "valkey"),
        grace=grace,
    )


def _worker(run_dir: Path, worker: Worker, grace: float) -> Program:
    """On TERM a worker waits for its jobs without an end. A child that is cut off then is not
    blamed; threads would be cut off in the middle of a call, and on QUIT they give theirs back.
    """
    program = _notifying(worker.name, worker.command(), run_dir, grace=grace)
    told = SIGQUIT if worker.pool == "threads" else SIGTERM
    return replace(program, stop_signal=told, env={"WORKER_NICE": str(NICE[worker.name])})


def web(port: int, application: str = "config.wsgi") -> Program:
    """Its options, with their reasons, stand in deploy/web.py."""
    options = ("-c", "deploy/web.py", "--workers", "2", "-b", f"127.0.0.1:{port}")
    return Program(
        name="web",
        command=(PYTHON, "-m", "gunicorn", application, *options),
        layer=Layer.APPS,
        env={"ROLE": "web"},
        probe=Responds(port, "/readyz"),
        after=("seed",),
        grace=35,
    )


def _flower(options: Options) -> Program:
    """Its login is in FLOWER_BASIC_AUTH: a command line can be read by everybody.

    It is ready when it asks for that login (deploy/flower.py).
    """
    port = options.ports["FLOWER_PORT"]
    where = (f"--port={port}", "--address=127.0.0.1", "--read_only=True")
    memory = (f"--db={options.data_dir / 'flower.db'}", "--persistent=True")
    saving = ("--state_save_interval=5000", "--max_tasks=1000")
    ours = ("-A", "deploy.monitor", "flower", "--conf=deploy/flower.py")
    command = (PYTHON, "-m", "celery", *ours, *where, *memory, *saving)
    return Program(
        name="flower",
        command=command,
        layer=Layer.APPS,
        probe=Responds(port, "/healthcheck", status=b"401"),
        after=("valkey",),
    )


def _existing(programs: list[Program]) -> tuple[Program, ...]:
    """Nobody waits for a server that is somebody else's."""
    names = {program.name for program in programs}
    return tuple(
        replace(program, after=tuple(name for name in program.after if name in names))
        for program in programs
    )
