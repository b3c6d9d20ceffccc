"""What kind of process this is, known by how it was started: `worker critical`, `relay`, `migrate`.

Its database sessions carry this name (`application_name`), so that `pg_stat_activity` and the
doctor can be read, and it decides how long they may wait (`config.waits`). The web, which anything
may start, says it itself: config/wsgi.py. How many threads run a worker's jobs is read from the
same words: so many connections it has.
"""

import os
from collections.abc import Sequence
from pathlib import PurePath

OTHER = "command"
# `manage.py` commands that are processes, or have a patience, of their own.
COMMANDS = frozenset({"relay", "migrate", "doctor"})
CELERY = frozenset({"worker", "beat"})
# Options of a worker, short and long, as Celery reads them: the last one said counts.
QUEUES = ("-Q", "--queues")
POOL = ("-P", "--pool")
SIZE = ("-c", "--concurrency")


def role_of(argv: Sequence[str]) -> str:
    """`relay`, `beat`, `worker`, `migrate`, `doctor`; `command` is everything else."""
    program, words = PurePath(argv[0]).name if argv else "", argv[1:]
    if program in {"celery", "__main__.py"}:
        return next((word for word in words if word in CELERY), OTHER)
    return words[0] if program == "manage.py" and words[:1] and words[0] in COMMANDS else OTHER


def queues_of(argv: Sequence[str]) -> tuple[str, ...]:
    """The queues that a worker serves; none when it does not say."""
    said = _option(argv, *QUEUES)
    return tuple(said.split(",")) if said else ()


def threads_of(argv: Sequence[str]) -> int:
    """How many threads run a worker's jobs; 0 where its children do.

    One that does not say how many has as many as the machine has processors: Celery's default.
    """
    if _option(argv, *POOL) != "threads":
        return 0
    said = _option(argv, *SIZE)
    return int(said) if said.isdecimal() and int(said) else os.cpu_count() or 1


def _option(argv: Sequence[str], short: str, long: str) -> str:
    """`-c 64`, `-c64`, `--concurrency 64`, `--concurrency=64`; "" when it is not there.

    Celery also takes each from a variable such as CELERY_WORKER_CONCURRENCY; words come first.
    """
    found = os.environ.get(f"CELERY_WORKER_{long.removeprefix('--').upper()}", "")
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        name, _, value = word.partition("=")
        if word in {short, long}:
            found = following
        elif name == long:
            found = value
        elif word.startswith(short):
            found = word.removeprefix(short)
    return found


def session_name(role: str, argv: Sequence[str]) -> str:
    """As PostgreSQL shows it, which keeps 63 letters."""
    queues = queues_of(argv) if role == "worker" else ()
    return f"{role} {','.join(queues)}".strip()[:63]
