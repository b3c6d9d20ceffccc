"""What kind of process it is, by how it was started."""

import os

import pytest

from config.process import queues_of, role_of, session_name, threads_of

CELERY = ["/venv/site-packages/celery/__main__.py", "-A", "config"]


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["manage.py", "relay"], "relay"),
        (["/halyard/manage.py", "migrate", "--noinput"], "migrate"),
        (["manage.py", "doctor"], "doctor"),
        (["manage.py", "seed"], "command"),
        (["manage.py"], "command"),
        ([*CELERY, "beat", "-l", "INFO"], "beat"),
        ([*CELERY, "worker", "-n", "bulk@%h", "-Q", "bulk,analytics"], "worker bulk,analytics"),
        ([*CELERY, "worker", "--queues=critical"], "worker critical"),
        ([*CELERY, "worker", "-P", "threads", "-c", "24", "-Qmail"], "worker mail"),
        ([*CELERY, "worker"], "worker"),
        (["/venv/bin/celery", "-A", "config", "flower"], "command"),
        (["/venv/bin/pytest", "relay"], "command"),
        ([], "command"),
    ],
)
def test_a_process_is_named_by_what_it_does(argv: list[str], name: str) -> None:
    assert session_name(role_of(argv), argv) == name


def test_many_queues_are_cut_where_postgresql_would_cut_them() -> None:
    argv = [*CELERY, "worker", "-Q", ",".join(["critical"] * 20)]

    assert len(session_name("worker", argv)) == 63
    assert len(queues_of(argv)) == 20


@pytest.mark.parametrize(
    ("words", "threads"),
    [
        ("-P threads -c 64", 64),
        ("-c 64 -P threads", 64),
        ("--pool=threads --concurrency=64", 64),
        ("--pool threads --concurrency 64", 64),
        ("-Pthreads -c64", 64),
        ("-P prefork -c 2 --pool=threads -c 64", 64),
        ("-P threads", os.cpu_count()),
        ("-P threads -c 0", os.cpu_count()),
        ("-P threads -c auto", os.cpu_count()),
        ("-P threads -P prefork -c 64", 0),
        ("-c 64", 0),
        ("-n threads -c 64", 0),
        ("-P prefork -c 64", 0),
    ],
)
def test_the_threads_of_a_worker_are_read_as_celery_reads_them(words: str, threads: int) -> None:
    assert threads_of([*CELERY, "worker", *words.split(), "-Q", "mail"]) == threads


def test_celery_takes_its_options_from_variables_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_WORKER_POOL", "threads")
    monkeypatch.setenv("CELERY_WORKER_CONCURRENCY", "24")
    monkeypatch.setenv("CELERY_WORKER_QUEUES", "mail")

    assert threads_of([*CELERY, "worker"]) == 24
    assert threads_of([*CELERY, "worker", "-c", "8"]) == 8
    assert threads_of([*CELERY, "worker", "-P", "prefork"]) == 0
    assert session_name("worker", [*CELERY, "worker"]) == "worker mail"
