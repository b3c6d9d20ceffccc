"""Telling people what became of what they have uploaded."""

from media.models import Asset
from media.telling import claim_news
from notifications import messages
from notifications.delivery import deliver


def tell_of_upload(*, asset_id: int, key: str) -> None:
    """Tell whoever uploaded it of all that they have sent together. Not of what is gone."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        return
    if news := claim_news(asset, key=key):
        deliver(messages.uploads_ready(news, key=key), asset.subject)
