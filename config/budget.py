"""How many connections all processes together may open, against what PostgreSQL allows.

Too many workers do not make a database quicker: past its limit every new process, and whoever wants
to look, is refused. So the sum is made before anything starts (`migrate` and
`check --database default` ask), from the same variables that give the processes their number.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's
from django.db import OperationalError, connections

from config.database import for_threads
from config.environment import env

TIGHT = 0.8
# A migration, a doctor, a backup, and a person looking for the reason.
VISITORS = 4
ALLOWED = """
SELECT current_setting('max_connections')::int
     - current_setting('superuser_reserved_connections')::int
     - current_setting('reserved_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """So many containers of one kind, and what each of them may open."""

    name: str
    replicas: int
    each: int

    @property
    def together(self) -> int:
        """All of them."""
        return self.replicas * self.each


def roles() -> list[Role]:
    """Every kind of process, by the variables docker-compose.yml gives it."""
    web = _number("WEB_PROCESSES", 2) * _number("WEB_POOL", 10)
    return [
        Role(name="web", replicas=_number("WEB_REPLICAS", 1), each=web),
        *workers(),
        Role(name="relay", replicas=_number("RELAY_REPLICAS", 1), each=1),
        Role(name="beat", replicas=1, each=1),
        Role(name="visitors", replicas=1, each=VISITORS),
    ]


def planned() -> int:
    """The most that can be open at once."""
    return sum(role.together for role in roles())


def allowed(database: str = "default") -> tuple[int, int]:
    """What PostgreSQL allows to everybody but superusers, and how many are open now."""
    with connections[database].cursor() as cursor:
        cursor.execute(ALLOWED)
        limit, in_use = cursor.fetchone()
    return limit, in_use


@register(Tags.database)
def check_connections(*, databases: Iterable[str] | None, **_: Any) -> list[CheckMessage]:
    """An error when they do not fit, a warning when hardly. An absent server is not our finding."""
    found: list[CheckMessage] = []
    for database in databases or ():
        with suppress(OperationalError):
            found += _compare(planned(), allowed(database)[0])
    return found


def _compare(most: int, limit: int) -> list[CheckMessage]:
    sentence = f"{most} connections can be opened ({bill()}), PostgreSQL allows {limit}."
    if most > limit:
        return [Error(sentence, hint=REMEDY, id="config.connections_do_not_fit")]
    if most > TIGHT * limit:
        return [Warning(sentence, hint=REMEDY, id="config.connections_are_tight")]
    return []


REMEDY = (
    "Fewer processes and threads (*_PROCESSES, *_THREADS, *_REPLICAS, WEB_POOL), "
    "or a larger max_connections."
)


def bill() -> str:
    """The sum in words: `web 20, critical 3, …`."""
    return ", ".join(f"{role.name} {role.together}" for role in roles() if role.together)


def workers() -> list[Role]:
    """By their names, not by their queues: `partners` serves `analytics` too.

    One connection for each child that runs jobs, or a few for all threads; and one for the main
    process's sign of life, which in a thread worker also holds the locks of all its jobs.
    """
    critical, bulk = _size("CRITICAL_PROCESSES", 2), _size("BULK_PROCESSES", 1)
    media, background = _size("MEDIA_PROCESSES", 2), _size("BACKGROUND_PROCESSES", 1)
    mail, partners = _size("MAIL_THREADS", 24), _size("PARTNERS_THREADS", 64)
    mailings = for_threads(_size("MAILINGS_THREADS", 4))
    return [
        Role(name="critical", replicas=_number("CRITICAL_REPLICAS", 1), each=critical + 1),
        Role(name="mail", replicas=_number("MAIL_REPLICAS", 1), each=for_threads(mail) + 1),
        Role(
            name="partners",
            replicas=_number("PARTNERS_REPLICAS", 1),
            each=for_threads(partners) + 1,
        ),
        Role(name="mailings", replicas=_number("MAILINGS_REPLICAS", 1), each=mailings + 1),
        Role(
            name="background",
            replicas=_number("BACKGROUND_REPLICAS", 1),
            each=background + 1,
        ),
        Role(name="media", replicas=_number("MEDIA_REPLICAS", 1), each=media + 1),
        Role(name="bulk", replicas=_number("BULK_REPLICAS", 1), each=bulk + 1),
    ]


def _size(name: str, default: int) -> int:
    """Of a worker. One without any would be given Celery's own number."""
    return env.int(name, default=default, least=1, most=10_000)


def _number(name: str, default: int) -> int:
    return env.int(name, default=default, most=10_000)
