"""Pictures that were made before there was a size get it at night, once, each by its own job."""

import pytest

from deferral.handlers import job
from deferral.models import Job
from media import tasks
from media.models import Asset, Variant
from media.pictures import making
from media.services import receive
from tests.media.drawn import photo
from tests.media.made import made
from tests.rig.jobs import run_as_a_worker

pytestmark = pytest.mark.django_db


def a_night(number: int) -> list[str]:
    """The keys of what was asked for then."""
    run_as_a_worker(job(tasks.complete_pictures, key=f"night:{number}"))
    keys = Job.objects.filter(task="media.make_picture", key__startswith="picture:")
    return sorted(keys.values_list("key", flat=True))


@pytest.fixture
def asset() -> Asset:
    """As an earlier version has made it."""
    found = made(photo(700, 350))
    Variant.objects.filter(asset=found, measure=480).delete()
    return found


def test_what_is_missing_is_made_and_nothing_else(
    asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(photo(701, 350))
    before = set(asset.variants.values_list("pk", "file"))
    key = f"picture:{asset.tag}:480"
    assert key in a_night(1)
    assert not any(whole.tag in one for one in a_night(2) if one.endswith(":480"))

    assert run_as_a_worker(job(tasks.make_picture, key=key, tag=asset.tag)).state == "done"
    assert before < set(asset.variants.values_list("pk", "file"))
    assert asset.variants.filter(measure=480).count() == 3
    assert making.missing(asset) == []


def test_a_size_that_lacks_one_format_is_made_again(asset: Asset) -> None:
    Variant.objects.filter(asset=asset, measure=640, format="avif").delete()

    assert making.missing(asset) == [640, 480]


def test_of_what_nothing_could_be_made_nothing_is_asked() -> None:
    receive(photo(), name="photo")

    assert a_night(1) == []
