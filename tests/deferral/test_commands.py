"""What an operator is told: what reacts to what, what is ill, what happens to an order."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from deferral.health import Finding, findings, machinery
from deferral.models import Event, Job
from tests.deferral.bench import put, put_event
from tests.rig import clocks

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = Path(__file__).with_name("events.txt")


def say(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("starts_processes")
def test_events_handlers_and_policies_are_those_of_the_snapshot() -> None:
    """Without the tests' own. To accept a change: manage.py events > tests/deferral/events.txt"""
    command = [sys.executable, "manage.py", "events"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert found.stdout == SNAPSHOT.read_text()


def test_the_doctor_is_content_with_what_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "CHECKS", [machinery.check_database])
    monkeypatch.setattr("deferral.management.commands.doctor.CHECKS", findings.CHECKS)

    assert "database" in say("doctor")


def test_the_doctor_fails_for_what_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    def ill() -> list[Finding]:
        return [Finding(name="heart", well=False, detail="stopped")]

    monkeypatch.setattr("deferral.management.commands.doctor.CHECKS", [ill])

    with pytest.raises(CommandError, match="1 of these"):
        say("doctor")


def test_the_doctor_notices_that_nobody_works() -> None:
    found = {finding.name: finding for check in findings.CHECKS for finding in check()}

    assert found["database"].well
    assert found["broker"].well
    assert not found["relay"].well
    assert not found["workers"].well
    assert "nobody serves it" in found["queue critical"].detail


def test_the_doctor_names_a_broker_that_is_away(monkeypatch: Any) -> None:
    from celery import current_app

    class Away:
        """A broker that refuses."""

        def __enter__(self) -> "Away":
            raise ConnectionRefusedError("nobody there")

        def __exit__(self, *_: object) -> None:
            """Never entered."""

    monkeypatch.setattr(current_app, "connection_for_write", lambda **_: Away())
    [finding] = machinery.check_broker()

    assert not finding.well
    assert "none is lost" in finding.detail


@pytest.mark.parametrize(
    ("spoil", "mend"),
    [
        (("REPLICAOF", "127.0.0.1", 1), ("REPLICAOF", "NO", "ONE")),
        (("CONFIG", "SET", "maxmemory", 1), ("CONFIG", "SET", "maxmemory", 0)),
    ],
)
def test_the_doctor_names_a_broker_that_greets_and_takes_nothing(
    valkey: Any, spoil: tuple[Any, ...], mend: tuple[Any, ...]
) -> None:
    valkey.execute_command(*spoil)
    try:
        [finding] = machinery.check_broker()
    finally:
        valkey.execute_command(*mend)

    assert not finding.well
    assert "work waits, none is lost" in finding.detail


def test_the_doctor_leaves_nothing_in_the_broker(valkey: Any) -> None:
    [finding] = machinery.check_broker()

    assert finding.well
    assert valkey.keys("doctor*") == []


def test_the_doctor_names_work_that_no_code_knows() -> None:
    put("thanks", task="loyalty.say_thanks")
    put("known")

    [finding] = machinery.check_tasks()

    assert (finding.name, finding.well) == ("task loyalty.say_thanks", False)
    assert "1 waiting, no code for it" in finding.detail


def test_watching_an_order_shows_its_jobs_and_ends_when_all_are_over() -> None:
    put_event(subject="order:H-1", state="expanded")
    put("mail", subject="order:H-1", state="done")
    put("letter", subject="order:H-1", state="dead", errors=[{"message": "refused"}])

    shown = say("watch", "H-1")

    assert "✓ bench.work" in shown
    assert "letter" in shown


def test_watching_goes_on_while_something_is_still_to_become_jobs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_event(subject="order:H-1", state="pending")
    put("mail", subject="order:H-1", state="done")

    def relay(_seconds: float) -> None:
        put("letter", subject="order:H-1", state="done", crashes=2)
        Event.objects.update(state="expanded")

    clocks.replace(monkeypatch, "sleep", relay)
    first, second = say("watch", "H-1").splitlines()

    assert "mail" in first
    assert second.endswith("crash 2")
    assert re.match(r"\d\d:\d\d:\d\d ✓ ", second)


def test_watching_once_does_not_wait() -> None:
    put_event(subject="order:H-1", state="expanded")
    put("mail", subject="order:H-1", attempts=2, errors=[{"message": "not now"}])

    assert "not now" in say("watch", "H-1", "--once")


def test_watching_says_what_happened_in_its_order_and_until_when_a_job_waits() -> None:
    put_event(subject="order:H-1", state="expanded")
    began = timezone.now() - timedelta(minutes=1)
    failed = began + timedelta(seconds=20)
    put(
        "slow",
        subject="order:H-1",
        created_at=began,
        attempts=1,
        errors=[{"at": failed.isoformat(), "message": "warehouse answered 503"}],
        next_at=timezone.now() + timedelta(seconds=12.5),
    )
    settled = began + timedelta(seconds=5)
    put("quick", subject="order:H-1", created_at=began, state="done", settled_at=settled)
    put("parked", subject="order:H-1", next_at=timezone.now() + timedelta(minutes=5))

    quick, slow, parked = say("watch", "H-1", "--once").splitlines()

    assert quick.startswith(f"{timezone.localtime(settled):%H:%M:%S} ✓")
    assert slow.startswith(f"{timezone.localtime(failed):%H:%M:%S} ·")
    assert re.search(r"  again at [\d:]{8} \(in 12 s\)  warehouse answered 503$", slow)
    assert re.search(r"  at [\d:]{8} \(in 5 min\)$", parked)


def test_a_wait_that_grows_shorter_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    put_event(subject="order:H-1", state="expanded")
    put("mail", subject="order:H-1", attempts=1, next_at=timezone.now() + timedelta(minutes=1))
    rounds: list[float] = []

    def later(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 3:
            Job.objects.update(state="done", settled_at=timezone.now())
        else:
            monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(seconds=9))

    clocks.replace(monkeypatch, "sleep", later)

    assert len(say("watch", "H-1").splitlines()) == 2


def test_nothing_is_known_of_an_order_that_never_was() -> None:
    with pytest.raises(CommandError, match="Nothing is known"):
        say("watch", "H-404")
