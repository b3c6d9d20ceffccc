"""What is made of an upload: each a job, all of them joined, and then it is told."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, Work, handles, job, join
from media import tasks
from media.events import AssetReceived, UploadWhole
from media.films.looking import key_of_look
from media.models import Asset, Upload


@handles(AssetReceived)
def make_variants(fact: AssetReceived) -> Iterator[Work]:
    """Of a picture its sizes; of a film what a first look at it finds that there is to be made, by
    jobs that join in then. Nothing of what was deleted before its turn came.
    """
    for asset in Asset.objects.filter(pk=fact.asset_id):
        body = job(tasks.tell_ready, key=f"asset_ready:{asset.tag}", tag=asset.tag)
        yield join([_first(asset)], body=body)


def _first(asset: Asset) -> JobSpec:
    if asset.kind == Asset.Kind.FILM:
        return job(tasks.look_at_film, key=key_of_look(asset), tag=asset.tag)
    return job(tasks.make_picture, key=f"picture:{asset.tag}", tag=asset.tag)


@handles(UploadWhole)
def look_at_upload(fact: UploadWhole) -> Iterator[JobSpec]:
    """A job of its own: two gigabytes are read, and no request waits for that."""
    for upload in Upload.objects.filter(pk=fact.upload_id):
        yield job(tasks.finish_upload, key=upload.key, tag=upload.tag)
