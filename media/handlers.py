"""What is made of an upload: each a job, all of them joined, and then it is told."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, Work, handles, job, join
from media import tasks
from media.events import AssetReceived
from media.models import Asset


@handles(AssetReceived)
def make_variants(fact: AssetReceived) -> Iterator[Work]:
    """Of a picture its sizes. Nothing of what was deleted before its turn came."""
    for asset in Asset.objects.filter(pk=fact.asset_id, kind=Asset.Kind.PICTURE):
        body = job(tasks.tell_ready, key=f"asset_ready:{asset.tag}", tag=asset.tag)
        yield join(list(_parts(asset)), body=body)


def _parts(asset: Asset) -> Iterator[JobSpec]:
    yield job(tasks.make_picture, key=f"picture:{asset.tag}", tag=asset.tag)
