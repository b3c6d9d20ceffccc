"""Making a PostgreSQL data directory: whole or not at all."""

import shutil
import subprocess
from pathlib import Path
from signal import SIGKILL

from launcher.servers import root
from launcher.servers.errors import ServerFailed
from launcher.servers.process import last_lines, spawn

# The same order and the same letters on every machine, whatever locales it has.
INITDB = (
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)
# Not a superuser: it gets its own errors, and leaves the reserved connections alone. It may see
# what others' sessions do, so that the doctor can name who keeps the shop waiting.
FIRST_WORDS = (
    b"CREATE ROLE halyard LOGIN CREATEDB;\n"
    b"GRANT pg_read_all_stats TO halyard;\n"
    b"CREATE DATABASE halyard OWNER halyard;\n"
)


def make_cluster(data_dir: Path, binaries: Path) -> None:
    """Create the cluster with role and database `halyard` beside its place, then move it there.

    An interrupted attempt leaves a folder that the next one removes.
    """
    data_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _initdb(fresh, binaries)
    _say_first_words(fresh, binaries)
    fresh.rename(data_dir)


def _initdb(fresh: Path, binaries: Path) -> None:
    log = fresh.with_name("initdb.log")
    log.unlink(missing_ok=True)
    command = [str(binaries / "initdb"), "-D", str(fresh), *INITDB]
    process = spawn([*root.unprivileged(SIGKILL), *command], log=log)
    if process.wait():
        msg = f"PostgreSQL's initdb failed:\n{last_lines(log)}"
        raise ServerFailed(msg)
    log.unlink()


def _say_first_words(fresh: Path, binaries: Path) -> None:
    """In single-user mode: before anybody could connect. Its exit code does not tell of errors."""
    command = [str(binaries / "postgres"), "--single", "-D", str(fresh), "postgres"]
    said = subprocess.run(  # noqa: S603  our binary
        [*root.unprivileged(SIGKILL), *command],
        input=FIRST_WORDS,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    words = said.stderr.decode(errors="replace")
    if said.returncode or "ERROR" in words or "FATAL" in words:
        msg = f"The database could not be created:\n{words}"
        raise ServerFailed(msg)
