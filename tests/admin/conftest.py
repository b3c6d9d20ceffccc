"""A relay that lives, for pages that say so when none does."""

from collections.abc import Iterator

import pytest
from django.db import connections


@pytest.fixture
def relay(db: None) -> Iterator[None]:
    """It has a session of its own, which has just spoken."""
    session = connections.create_connection("default")
    with session.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', 'relay', false)")
    yield
    session.close()
