"""Originals for rows that may be refused: named or deleted, however the block ends."""

import pytest
from django.db import OperationalError

from deferral.errors import Retry
from media.models import Asset
from media.originals import named_or_deleted
from media.places import place
from media.services import record_asset
from tests.media.drawn import photo

pytestmark = pytest.mark.django_db


def stored() -> list[str]:
    return [one.name for one in place("local").names(Asset.folder)]


def test_what_a_row_names_stays_and_the_rest_is_deleted() -> None:
    with named_or_deleted() as keep:
        asset = record_asset(keep(photo(), name="a"))
        keep(photo(), name="b")

    assert stored() == [asset.file.name]


@pytest.mark.parametrize("error", [ValueError, Retry, TimeoutError])
def test_what_was_refused_leaves_nothing(error: type[Exception]) -> None:
    with pytest.raises(error), named_or_deleted() as keep:  # noqa: PT012 - the block is the test
        keep(photo(), name="a")
        raise error("no")

    assert stored() == []


def test_what_may_have_committed_is_left_to_the_sweep() -> None:
    with pytest.raises(OperationalError), named_or_deleted() as keep:  # noqa: PT012 - as above
        keep(photo(), name="a")
        raise OperationalError("the connection was lost")

    assert len(stored()) == 1
