"""Secrets, environment, memory: the parts that need no stack."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from launcher.environment import shared_environment
from launcher.errors import Refused
from launcher.keys import kept_secrets
from launcher.memory import memory_of
from launcher.options import ROOT, Options, read_options
from launcher.stack import as_deployed, halyard
from launcher.workers import WORKERS
from sandbox.settings import read_settings


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return read_options({"DATA_DIR": str(tmp_path), "SANDBOX_PORT": "8901"})


def test_secrets_are_made_once_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    made = kept_secrets(tmp_path)

    assert kept_secrets(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(made.values())) == 10
    key = made["PARTNER_WEBHOOK_SECRET"].removeprefix("whsec_")
    assert len(base64.b64decode(key, validate=True)) == 32


def test_every_service_stands_on_the_sandbox_unless_it_is_moved(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", "https://crm.example/api")
    env = shared_environment(options, {"DEMO_PASSWORD": "p", "FLOWER_PASSWORD": "f"}, {})

    assert env["WAREHOUSE_URL"] == "http://127.0.0.1:8901/warehouse"
    assert env["CRM_URL"] == "https://crm.example/api"
    assert env["FLOWER_BASIC_AUTH"] == "harbour@halyard.example:f"


def test_the_services_pages_show_the_shops_own_zone(options: Options) -> None:
    env = shared_environment(options, {"DEMO_PASSWORD": "p", "FLOWER_PASSWORD": "f"}, {})

    assert env["TIME_ZONE"] == settings.TIME_ZONE == read_settings(env).zone.key


def test_variables_that_would_mislead_the_programs_are_left_out(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    env = shared_environment(options, {"DEMO_PASSWORD": "p", "FLOWER_PASSWORD": "f"}, {})
    assert {"PGPORT", "NOTIFY_SOCKET", "PYTHONDONTWRITEBYTECODE"}.isdisjoint(env)


def test_servers_with_an_address_are_not_started(options: Options) -> None:
    given = {
        "DATABASE_URL": "postgresql://db/halyard",
        "BROKER_URL": "redis://broker",
        "CACHE_URL": "redis://cache",
    }
    stack = halyard(options, given)

    names = {program.name for program in stack.programs}
    assert names.isdisjoint({"postgres", "valkey", "cache"})
    assert stack.servers == {}
    assert {name for program in stack.programs for name in program.after} <= names


def test_what_waits_for_others_runs_in_threads_and_what_computes_in_children(
    options: Options,
) -> None:
    found = {each.name: " ".join(each.command) for each in halyard(options, {}).programs}

    assert "-n mail@%h -P threads -Q mail -c 24 " in found["mail"]
    assert "-n partners@%h -P threads -Q partners,analytics -c 64 " in found["partners"]
    assert "-P" not in found["critical"] + found["bulk"]


def test_every_process_is_told_which_queues_threads_serve(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFERRAL_THREAD_QUEUES", "mail")  # of other workers than these

    told = shared_environment(options, {}, {})["DEFERRAL_THREAD_QUEUES"]
    assert told == "mail,partners,analytics,mailings"


@pytest.mark.parametrize(("soft", "grace"), [("", settings.SOFT_SHUTDOWN + 10), ("50", 60)])
def test_a_worker_has_longer_to_end_than_it_gives_its_jobs(
    tmp_path: Path, soft: str, grace: float
) -> None:
    options = read_options({"DATA_DIR": str(tmp_path), "SOFT_SHUTDOWN": soft})
    programs = {each.name: each for each in halyard(options, {}).programs}

    assert {programs[each.name].grace for each in WORKERS} == {grace}


@pytest.mark.parametrize("soft", ["0", "4000", "nan", "soon"])
def test_a_soft_shutdown_that_is_no_time_is_refused(soft: str) -> None:
    with pytest.raises(Refused, match="SOFT_SHUTDOWN must be a number of seconds from 1 to 3600"):
        read_options({"SOFT_SHUTDOWN": soft})


def test_no_secret_is_on_a_command_line(options: Options) -> None:
    kept = kept_secrets(options.data_dir)
    words = " ".join(word for each in halyard(options, {}).programs for word in each.command)

    assert not [secret for secret in kept.values() if secret in words]


@pytest.mark.usefixtures("starts_processes")
def test_memory_counts_descendants() -> None:
    eat = "x = b'.' * 50_000_000; print(flush=True); input()"
    alone = memory_of(os.getpid())
    with subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-c", eat], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        child.stdout.readline()
        together = memory_of(os.getpid())
        child.communicate(b"\n")

    assert together.pss is not None
    assert alone.pss is not None
    assert together.pss - alone.pss > 45_000_000


@pytest.mark.usefixtures("starts_processes")
def test_make_help_lists_every_target() -> None:
    rules = (ROOT / "Makefile").read_text().splitlines()
    targets = {line.partition(":")[0] for line in rules if re.match(r"[a-z]+:( |$)", line)}
    told = subprocess.check_output(["make", "--no-print-directory", "help"], cwd=ROOT, text=True)  # noqa: S607  make

    assert {"up", "test", "check", "lock", "logs", "status", "stop", "reset"} <= targets
    assert targets == {line.split()[1] for line in told.splitlines() if line.startswith("  make ")}


@pytest.mark.parametrize("module", ["aiohttp", "rich"])
@pytest.mark.usefixtures("starts_processes")
def test_the_shop_does_without_what_it_is_deployed_without(module: str) -> None:
    looks = [sys.executable, "-c", f"import {module}"]
    env = {**os.environ, **as_deployed(os.environ)}

    assert subprocess.run(looks, env=env, stderr=subprocess.PIPE, check=False).returncode == 1  # noqa: S603  ours
    assert not re.search(rf"^{module}==", (ROOT / "requirements/base.txt").read_text(), re.M)


def test_a_path_of_the_persons_own_stays(options: Options) -> None:
    programs = {one.name: one for one in halyard(options, {"PYTHONPATH": "/mine"}).programs}

    assert programs["web"].env["PYTHONPATH"].endswith(f"absent{os.pathsep}/mine")
    assert "PYTHONPATH" not in programs["sandbox"].env
