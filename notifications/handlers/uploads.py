"""Whoever uploads something is told when all is made of it."""

from collections.abc import Iterator

from deferral.handlers import Work, handles, job
from media.events import AssetReady
from media.models import Asset
from notifications.tasks import mails as tasks


@handles(AssetReady)
def tell_of_upload(fact: AssetReady) -> Iterator[Work]:
    """If they have left an address: an import has none."""
    for asset in Asset.objects.filter(pk=fact.asset_id).exclude(uploaded_by=""):
        yield job(tasks.tell_of_upload, key=f"upload_told:{asset.tag}", asset_id=asset.pk)
