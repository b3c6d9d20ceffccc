"""The composition: valid to the real Compose, and closed."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from launcher.workers import WORKERS, Worker
from tests.deploy.composed import DEMO, PRODUCTION, ROOT, compose, services
from webhooks.connections import LOOK_UP

CREW = [worker.name for worker in WORKERS]
OURS = {"web", "relay", "beat", "flower", "migrate", "seed", *CREW}
THREADED = [worker for worker in WORKERS if worker.pool == "threads"]
# The init, a health check, the main thread, four that look after it (liveness, time limits,
# leaving, deadlines), four of the pool of connections.
THEIR_OWN = 11
# Seconds until a look-up ends by itself: three name servers, each asked twice for five.
RESOLVER = 30
KEPT_RUNNING = OURS - {"migrate", "seed"}


def test_the_services_are_those_that_were_promised() -> None:
    servers = {"postgres", "valkey", "cache", "rabbitmq", "mailpit", "sandbox"}

    assert set(services()) == OURS | servers


@pytest.mark.parametrize("env_file", [DEMO, PRODUCTION])
@pytest.mark.parametrize("profile", ["", "sandbox", "rabbitmq"])
def test_compose_accepts_every_profile(env_file: Path, profile: str) -> None:
    answer = compose("--profile", profile, "config", "-q", env_file=env_file)

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("service_completed_successfully", "service_done"),
        ("cap_drop: [ALL]", "cap_drops: [ALL]"),
        ("networks: [inside]", "networks: [outsider]"),
        ("secrets: [database_password]", "secrets: [databse_password]"),
    ],
)
def test_compose_refuses_a_wrong_file(tmp_path: Path, right: str, wrong: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert right in text
    (tmp_path / "docker-compose.yml").write_text(text.replace(right, wrong))

    assert compose("config", "-q", file=tmp_path / "docker-compose.yml").returncode != 0


def test_a_production_has_no_sandbox_and_no_test_cards() -> None:
    answer = compose("config", "--services", env_file=PRODUCTION)
    web = services(PRODUCTION)["web"]["environment"]

    assert set(answer.stdout.split()) == OURS - {"seed"} | {"postgres", "valkey", "cache"}
    assert web["PAYMENT_TEST_METHODS"] == "false"


@pytest.mark.parametrize("name", sorted(services()))
def test_a_service_may_do_nothing_it_need_not(name: str) -> None:
    service = services()[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory", "pids"}
    assert service.get("read_only", False) is (name != "rabbitmq")
    assert "container_name" not in service
    assert all(port["host_ip"] == "127.0.0.1" for port in service.get("ports", []))


def test_what_needs_no_way_out_has_none() -> None:
    inside = {name for name, each in services().items() if set(each["networks"]) == {"inside"}}

    assert inside == {"postgres", "valkey", "cache", "rabbitmq", "relay", "beat", "migrate", "seed"}


def test_no_secret_stands_in_an_environment() -> None:
    words = re.compile(r"(SECRET|KEY|PASSWORD|LOGIN)$")
    found = {name for each in services().values() for name in each.get("environment", {})}

    assert not {name for name in found if words.search(name)}


def test_every_secret_of_the_composition_is_made() -> None:
    text = (ROOT / "deploy" / "make_secrets.py").read_text()
    used = {secret["source"] for each in services().values() for secret in each.get("secrets", [])}

    assert all(f'"{name}"' in text for name in used)


@pytest.mark.parametrize("name", sorted(KEPT_RUNNING))
def test_everything_of_ours_waits_for_the_migration(name: str) -> None:
    condition = services()[name]["depends_on"]["migrate"]["condition"]

    assert condition == "service_completed_successfully"


def test_somebody_waits_for_every_service_that_ends() -> None:
    """Or `up --wait` fails although all is well."""
    ending = {name for name, each in services().items() if each["restart"] == "no"}
    waited_for = services()["web"]["depends_on"]

    assert ending == {"migrate", "seed"} == set(waited_for)
    assert not waited_for["seed"]["required"]


@pytest.mark.parametrize("name", CREW)
def test_a_worker_is_given_more_time_than_it_gives_its_jobs(name: str) -> None:
    worker = services()[name]

    assert worker["environment"]["REMAP_SIGTERM"] == "SIGQUIT"
    assert int(worker["stop_grace_period"].removesuffix("s")) >= settings.SOFT_SHUTDOWN + 10


@pytest.mark.parametrize("worker", THREADED, ids=lambda worker: worker.name)
def test_threads_are_told_by_quit_whatever_becomes_of_term(worker: Worker) -> None:
    assert services()[worker.name]["stop_signal"] == "SIGQUIT"


@pytest.mark.parametrize("worker", THREADED, ids=lambda worker: worker.name)
def test_each_thread_may_leave_look_ups_behind_for_which_nobody_waits(worker: Worker) -> None:
    limits = services()[worker.name]["deploy"]["resources"]["limits"]
    left_behind = math.ceil(RESOLVER / LOOK_UP)

    assert limits["pids"] >= THEIR_OWN + worker.size * (1 + left_behind)
