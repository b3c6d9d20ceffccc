"""How each kind of process talks to PostgreSQL."""

import pytest

from config.database import database

THREADS = ["celery", "worker", "-P", "threads", "-c", "64", "-Q", "mail"]


@pytest.mark.parametrize(("role", "argv"), [("web", []), ("worker", THREADS)])
def test_a_pool_gives_up_connecting_before_whoever_waits_for_it_does(
    role: str, argv: list[str]
) -> None:
    """It tries after 1, 2, 4 … s. Unless it gives up, nobody can have it try sooner: a database
    that was away for half a minute would be found another half minute later.
    """
    pool = database(role, argv)["OPTIONS"]["pool"]

    assert 3 < pool["reconnect_timeout"] < pool["timeout"] <= 10
