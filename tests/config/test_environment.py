"""Nonsense in any variable is a sentence that names it, and never a traceback."""

import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import budget
from config.environment import PROBLEMS
from tests.config.variables import read_variables

ROOT = Path(__file__).resolve().parents[2]
# Any text may be one: somebody else made it, or a rule of `contradictions` looks at it.
ANYTHING = {
    "SECRET_KEY", "TICKET_KEY", "SEALING_KEYS", "DEMO_PASSWORD", "DATABASE_PASSWORD",
    "SMTP_PASSWORD", "SMTP_USER", "BUCKET_KEY_ID", "BUCKET_SECRET",
    "MAIL_PROVIDER_KEY", "MAIL_PROVIDER_LOGIN",
    "PAYMENT_SECRET_KEY", "PAYMENT_WEBHOOK_SECRET", "PARTNER_WEBHOOK_SECRET",
    "PRINT_ROOM_WEBHOOK_SECRET", "WAREHOUSE_WEBHOOK_SECRET",
    "MAIL_FROM", "STAFF_EMAIL", "BOUNCE_ADDRESS", "DATA_DIR", "STATIC_ROOT", "ROLE",
    "PAYMENT_BANK_ORIGIN", "FFMPEG",
    "AI_KEY", "AI_MODEL", "SMS_KEY", "RETURN_ADDRESS",
    # Its rule: "must begin with postgresql", "must begin with redis".
    "DATABASE_URL", "BROKER_URL", "CACHE_URL",
}  # fmt: skip
NONSENSE = ("x y z", "-1x", "http://[", "$NOTHING", "1 e999", "..", "a" * 9_000)
TWO_LINES = ("a\nBcc: everybody@example.org", "\x1b[2J", "a\u202eb")


@pytest.fixture(autouse=True)
def _nothing_wrong_yet() -> Iterator[None]:
    PROBLEMS.clear()
    yield
    PROBLEMS.clear()


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, Any]:
    """The settings, as a process begins with them."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_path(str(ROOT / "config" / "settings.py"))
    budget.roles()
    return found


@pytest.mark.parametrize("name", sorted(set(read_variables()) - ANYTHING))
def test_nonsense_is_told_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in NONSENSE:
        PROBLEMS.clear()
        read(monkeypatch, **{name: value})

        assert PROBLEMS.get(name, "").startswith(f"{name} must be "), value
        assert len(PROBLEMS[name]) < 250


@pytest.mark.parametrize("name", sorted(read_variables()))
def test_no_variable_has_two_lines_or_what_nobody_can_see(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in TWO_LINES:
        PROBLEMS.clear()
        read(monkeypatch, **{name: value})

        assert PROBLEMS[name] == f"{name} must be one line, without control characters."


@pytest.mark.parametrize("name", sorted(ANYTHING & set(read_variables())))
def test_whatever_a_text_is_the_settings_are_read(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in NONSENSE:
        read(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("HINTS_AHEAD", ("0", "-5", "1.5", "٣", "1_000", "inf")),
        ("CRASH_GRACE", ("nan", "-1", "inf", "1e9")),
        ("SMTP_PORT", ("0", "65536")),
        ("WORKER_MAX_MIB", ("1", "110", "199")),
        ("EXPORT_PART_ROWS", ("0", "99", "1000001", "50_000")),
        ("RATE_LIMITS", ("flase", "2", "nope")),
        (
            "CRM_URL",
            ("crm.example", "ftp://crm.example", "https://crm.example/?key=1", "https:///x"),
        ),
        (
            "SITE_URL",
            ("https://shop.example/#a", "https://shop.example:99999", "mailto:a@b.example"),
        ),
        ("ALLOWED_HOSTS", ("https://shop.example", "shop.example/", "shop example")),
        ("TIME_ZONE", ("Europe/Atlantis", "../etc/passwd", "/etc/passwd")),
    ],
)
def test_what_is_out_of_its_bounds_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, values: tuple[str, ...]
) -> None:
    for value in values:
        PROBLEMS.clear()
        read(monkeypatch, **{name: value})

        assert name in PROBLEMS, value


def test_who_sets_a_variable_by_its_old_name_is_told_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read(monkeypatch, DEFERRAL_YIELDING="bulk")

    assert "DEFERRAL_YIELDING is called DEFERRAL_LOW_PRIORITY now." in PROBLEMS.values()


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("PARTNERS_PROCESSES", "PARTNERS_THREADS"),
        ("ANALYTICS_PROCESSES", "partners serves analytics too"),
        ("ANALYTICS_REPLICAS", "partners serves analytics too"),
    ],
)
def test_who_sets_a_number_that_is_not_read_any_more_is_told_what_is(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: str
) -> None:
    read(monkeypatch, **{name: "2"})
    assert instead in PROBLEMS[name]

    PROBLEMS.clear()
    read(monkeypatch, **{name: ""})
    assert not PROBLEMS


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    names = (
        "HINTS_AHEAD",
        "RATE_LIMITS",
        "SSL_REDIRECT",
        "SOFT_SHUTDOWN",
        "MEDIA_STORAGE",
        "SMTP_PORT",
    )
    found = read(monkeypatch, **dict.fromkeys(names, ""), SMTP_HOST="smtp.example")

    assert not PROBLEMS
    assert (found["HINTS_AHEAD"], found["RATE_LIMITS"], found["SOFT_SHUTDOWN"]) == (50, True, 20.0)
    assert found["EMAIL_PORT"] == 587


def test_threads_serve_no_queue_where_it_is_set_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DEFERRAL_THREAD_QUEUES="")["DEFERRAL_THREAD_QUEUES"] == []
    assert not PROBLEMS

    read(monkeypatch, DEFERRAL_THREAD_QUEUES="mail,post")
    assert "DEFERRAL_THREAD_QUEUES must be some of critical, mail," in PROBLEMS.popitem()[1]


def test_a_slash_at_an_addresss_end_is_not_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        read(monkeypatch, CRM_URL="https://crm.example/v2/")["CRM_URL"] == "https://crm.example/v2"
    )


def test_a_webhooks_address_is_kept_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://partner.example/hooks/?key=1"

    assert read(monkeypatch, PARTNER_URL=address)["PARTNER_URL"] == address
    assert read(monkeypatch, PARTNER_URL="")["PARTNER_URL"] == ""
    assert not PROBLEMS


def test_a_password_may_begin_with_a_dollar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, SMTP_PASSWORD="$ecret")["EMAIL_HOST_PASSWORD"] == "$ecret"


@pytest.mark.usefixtures("starts_processes")
def test_all_of_it_is_told_at_once_and_nothing_starts() -> None:
    wrong = {
        "HINTS_AHEAD": "x",
        "MAIL_FROM": "a\nb",
        "CRITICAL_PROCESSES": "many",
        "LOG_LEVEL": "loud",
    }
    command = [sys.executable, "manage.py", "relay"]
    ended = subprocess.run(  # noqa: S603  ours
        command,
        cwd=ROOT,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    for name in wrong:
        assert f"{name} must be " in ended.stderr
