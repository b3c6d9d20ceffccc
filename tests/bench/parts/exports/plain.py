"""The same without us: psql's own copy of the same rows, and the library that writes workbooks."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import ClientCursor

from reports.exports.catalogue import DATASETS
from reports.exports.rows import shown
from tests.bench.processes import cpu_seconds
from tests.rig.stand_alone import Servers
from tests.rig.surroundings import ROOT


@dataclass(frozen=True, kw_only=True)
class Plain:
    """What it took, as in `made.Made`."""

    seconds: float
    cpu: float
    database: float = 0.0
    memory: float = 0.0


def psql_copy(servers: Servers, columns: Sequence[str], target: Path) -> Plain:
    """`\\copy` of what an export of these columns consists of, into a file."""
    dataset = DATASETS["orders"]
    cells = shown(dataset.chosen(list(columns)), guard=True)
    rows = dataset.rows().order_by("pk").annotate(**cells).values_list(*cells)
    statement, parameters = rows.query.sql_with_params()
    query = ClientCursor(connection.connection).mogrify(statement, parameters)
    copying = rf"\copy ({' '.join(query.split())}) TO '{target}' WITH (FORMAT csv)"
    before = cpu_seconds(servers.postgres.pid)
    found = ran([*servers.database.psql(), "-q", "-c", copying], PGTZ=settings.TIME_ZONE)
    return Plain(
        seconds=found.seconds,
        cpu=found.cpu,
        database=cpu_seconds(servers.postgres.pid) - before,
    )


def library(source: Path, target: Path) -> Plain:
    """The workbook of a CSV file's rows, by a program that does nothing else."""
    return ran([sys.executable, "-m", "tests.bench.parts.exports.library", source, target])


def ran(command: Sequence[str | Path], **env: str) -> Plain:
    """A command that ends. Its largest memory is that of all children of ours until now."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, env=os.environ | env, cwd=ROOT)  # noqa: S603  ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Plain(seconds=time.monotonic() - began, cpu=cpu)
