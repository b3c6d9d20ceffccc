"""A process of ours has only what it needs in its memory."""

import subprocess
import sys

import pytest

from tests.rig.surroundings import ROOT

ASKS = "import sys, django; django.setup(); import stripe; print('aiohttp' in sys.modules)"


@pytest.mark.usefixtures("starts_processes")
def test_stripes_sdk_takes_no_asynchronous_client_along() -> None:
    command = [sys.executable, "-c", ASKS]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert found.stdout == "False\n"
