"""Every test of films starts ffmpeg."""

import pytest


@pytest.fixture(autouse=True)
def _starts_ffmpeg(starts_processes: None) -> None:
    """Said once for all of them."""
