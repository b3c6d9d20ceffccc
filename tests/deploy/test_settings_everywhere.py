"""Settings, composition, example and documents name the same variables."""

import re
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.contradictions import SERVICES
from config.health import check_payment
from tests.config.variables import old_names, read_variables
from tests.deploy.composed import DEMO, PRODUCTION, ROOT, services

COMPOSE = (ROOT / "docker-compose.yml").read_text()
# Not for containers, with the reason.
LAPTOPS = {
    "DEBUG": "never in public",
    "ROLE": "of the web alone; a worker's is the default",
    "DATA_DIR": "the image's",
    "STATIC_ROOT": "the image's",
    "DEFERRAL_THREAD_QUEUES": "the composition's workers are of threads",
    "WEB_PORT": "published ports are others",
    "FLOWER_PORT": "published ports are others",
    "SANDBOX_PORT": "published ports are others",
    "SANDBOX_SMTP_PORT": "Mailpit takes the mail",
    "MAIL_PORT": "Mailpit takes the mail",
}
# Read by others than the settings: the heartbeat, Celery.
OTHERS = {"HEARTBEAT_FILE", "REMAP_SIGTERM"}


def passed() -> set[str]:
    """To the web and to a worker; X_FILE is X."""
    found = {**services()["web"]["environment"], **services()["critical"]["environment"]}
    return {name.removesuffix("_FILE") if name not in OTHERS else name for name in found}


def named_in(text: str) -> set[str]:
    """Variables that an env file sets, or offers in a comment."""
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def documented() -> dict[str, str]:
    """Variable and what docs/settings.md says of Compose."""
    rows = re.findall(
        r"^\| (`[A-Z].*?) \|.*\| (.*) \|$", (ROOT / "docs/settings.md").read_text(), re.M
    )
    return {name: how for names, how in rows for name in re.findall(r"`([A-Z_]+)`", names)}


def test_a_container_is_passed_every_variable_that_is_read() -> None:
    assert passed() - OTHERS - old_names() == (set(read_variables()) - set(LAPTOPS)) | {"ROLE"}


def test_who_still_sets_an_old_name_is_told_so_in_containers_too() -> None:
    environment = services()["migrate"]["environment"]

    assert old_names() == {name for name, value in environment.items() if value == ""} & old_names()


def test_every_variable_has_its_line_in_the_documents_and_no_other_has() -> None:
    assert set(documented()) == set(read_variables())
    assert {name for name, how in documented().items() if how == "no"} == set(LAPTOPS)


def test_what_the_documents_call_a_secret_is_a_file() -> None:
    environment = services()["web"]["environment"]
    secrets = {name for name, how in documented().items() if how == "secret"}

    assert {name for name in secrets if f"{name}_FILE" in environment} == secrets


def test_the_example_offers_what_the_composition_takes_and_nothing_else() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))

    assert named_in(PRODUCTION.read_text()) == used - old_names()


def test_the_demonstration_sets_nothing_that_nobody_takes() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) | {"COMPOSE_PROFILES"}

    assert named_in(DEMO.read_text()) <= used


@pytest.mark.parametrize("env_file", [DEMO, PRODUCTION])
def test_no_address_ends_with_what_is_appended_to_it(env_file: Path) -> None:
    code = "\n".join(
        path.read_text()
        for app in ("shop", "notifications", "audit")
        for path in (ROOT / app).rglob("*.py")
    )
    appended = set(re.findall(r"_URL\}/(\w+)\"", code)) | {"reservations", "releases", "inquiries"}
    assert appended >= {"contacts", "events", "entries"}

    environment = services(env_file)["web"]["environment"]
    for service in SERVICES:
        assert environment[f"{service}_URL"].rpartition("/")[2] not in appended


def test_the_documents_lead_to_the_page_of_settings() -> None:
    assert "settings.md" in (ROOT / "docs/deploying.md").read_text()
    assert "settings.md" in (ROOT / "docs/README.md").read_text()


def test_the_doctor_says_what_is_missing_for_cards(settings: Settings) -> None:
    settings.PAYMENT_TEST_METHODS, settings.PAYMENT_WEBHOOK_SECRETS = True, ["whsec_12345678"]
    [fine] = check_payment()
    settings.PAYMENT_TEST_METHODS, settings.PAYMENT_WEBHOOK_SECRETS = False, []
    [missing] = check_payment()

    assert fine.well
    assert not missing.well
    for word in ("PAYMENT_TEST_METHODS", "PAYMENT_WEBHOOK_SECRET", "What is missing for cards"):
        assert word in missing.detail
    assert "**What is missing for cards.**" in (ROOT / "docs/deploying.md").read_text()
