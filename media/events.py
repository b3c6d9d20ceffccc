"""What happens to what people upload. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("media.asset_received")
class AssetReceived(DomainEvent):
    """A picture or a film was accepted, and its original is kept."""

    asset_id: int


@event("media.asset_ready")
class AssetReady(DomainEvent):
    """Everything that is made of it is made, or needs somebody."""

    asset_id: int


@event("media.asset_changed")
class AssetChanged(DomainEvent):
    """What everybody may see of an upload is another thing now: somebody has decided about it, or a
    file was made after others of it. `change` is a name that it alone has.
    """

    asset_id: int
    change: str


@event("media.upload_whole")
class UploadWhole(DomainEvent):
    """All bytes of a large file are here, or were sent to the bucket; nobody has looked yet."""

    upload_id: int
