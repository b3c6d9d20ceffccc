"""Saying that everybody may see something else of an upload than before."""

from deferral.events import publish
from deferral.names import new_tag
from media.events import AssetChanged
from media.models import Asset


def announce_change(asset: Asset) -> None:
    """In the transaction that makes it so."""
    publish(AssetChanged(asset_id=asset.pk, change=new_tag()), subject=asset.subject)
