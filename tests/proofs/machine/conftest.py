"""How long to look, and a shop for it."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as profile
from pytest_django.fixtures import Settings

from tests.rig.depth import THOROUGH

# Rules commit and restart workers: none is quick, and what one costs says nothing.
patient = profile(
    deadline=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False
)
# The same examples each time, more of them in CI; others each night, and many more.
profile.register_profile("short", patient, derandomize=True, max_examples=8, stateful_step_count=40)
profile.register_profile("ci", profile.get_profile("short"), max_examples=40)
profile.register_profile("long", profile.get_profile("short"), max_examples=100)
# What goes wrong, at once and as it was found: the others make it short first, which takes minutes.
profile.register_profile("raw", profile.get_profile("long"), phases=[Phase.generate])
profile.register_profile(
    "nightly", patient, max_examples=3_000, stateful_step_count=80, print_blob=True
)
profile.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if THOROUGH else "short"))


@pytest.fixture
def shop(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a shop whose mail goes to our post office and whose crashes all count."""
    settings.EMAIL_BACKEND = "tests.proofs.machine.receivers.MailServer"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CRASH_GRACE = 0
    logging.disable()  # it goes wrong all the time here
    yield settings
    logging.disable(logging.NOTSET)
