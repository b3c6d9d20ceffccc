"""A command that is given nonsense says so."""

import contextlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from deferral.models import Event, Intervention, Job
from tests.deferral.staff import a_dead_job
from tests.proofs.hostile.words import NASTY

COMMANDS = (
    ("watch", "--once"),
    ("dead_letters", "show"),
    ("dead_letters", "replay", "--key"),
    ("dead_letters", "replay", "--cause"),
    ("dead_letters", "replay", "--event"),
    ("dead_letters", "discard", "--reason", "because", "--key"),
    ("events",),
    ("relay",),
    ("seed",),
    ("statements",),
)


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_answers_nonsense_with_a_sentence(command: tuple[str, ...]) -> None:
    a_dead_job()
    out = StringIO()
    for word in NASTY:
        with contextlib.suppress(CommandError, SystemExit):
            call_command(*command, word, stdout=out, stderr=out)

    assert Job.objects.get().state == "dead"
    assert not Event.objects.exists()
    assert not Intervention.objects.exists()
