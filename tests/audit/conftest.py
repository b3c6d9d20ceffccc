"""An archive of our own, that can misbehave."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from pytest_django.fixtures import Settings

from tests.audit.stand_in_archive import Archive
from tests.rig.listening import listening


@pytest.fixture
def archive(settings: Settings) -> Iterator[type[Archive]]:
    """Where the shop looks for it."""
    told = type("Archive", (Archive,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), told)
    with listening(server):
        settings.AUDIT_ARCHIVE_URL = f"http://127.0.0.1:{server.server_port}/audit-archive"
        yield told
