"""What kind of process this is, known by how it was started: `worker critical`, `relay`, `migrate`.

Its database sessions carry this name (`application_name`), so that `pg_stat_activity` and the
doctor can be read, and it decides how long they may wait (`config.waits`). The web, which anything
may start, says it itself: config/wsgi.py.
"""

from collections.abc import Sequence
from pathlib import PurePath

OTHER = "command"
# `manage.py` commands that are processes, or have a patience, of their own.
COMMANDS = frozenset({"relay", "migrate", "doctor"})
CELERY = frozenset({"worker", "beat"})
QUEUES = ("-Q", "--queues")


def role_of(argv: Sequence[str]) -> str:
    """`relay`, `beat`, `worker`, `migrate`, `doctor`; `command` is everything else."""
    program, words = PurePath(argv[0]).name if argv else "", argv[1:]
    if program in {"celery", "__main__.py"}:
        return next((word for word in words if word in CELERY), OTHER)
    return words[0] if program == "manage.py" and words[:1] and words[0] in COMMANDS else OTHER


def queues_of(argv: Sequence[str]) -> tuple[str, ...]:
    """The queues that a worker serves; none when it does not say."""
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        name, given, value = word.partition("=")
        if name in QUEUES:
            return tuple((value if given else following).split(","))
    return ()


def session_name(role: str, argv: Sequence[str]) -> str:
    """As PostgreSQL shows it, which keeps 63 letters."""
    queues = queues_of(argv) if role == "worker" else ()
    return f"{role} {','.join(queues)}".strip()[:63]
