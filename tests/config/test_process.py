"""What kind of process it is, by how it was started."""

import pytest

from config.process import queues_of, role_of, session_name

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
