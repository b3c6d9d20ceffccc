"""The files that are made of a film, and the row of each."""

from pathlib import Path

from media.filing import Filed, file_away, file_path_away
from media.films.reading import Source
from media.films.sizes import Frame
from media.models import Asset, Variant
from media.models.assets import variant_key

SUFFIXES = {"jpeg": ".jpg", "mp4": ".mp4"}


def film_of(tag: str) -> Asset | None:
    """The film, unless it was deleted meanwhile."""
    return Asset.objects.filter(tag=tag, forgotten_at=None).first()


def file_source_away(source: Source, *, key: str) -> Filed:
    """What a program has written into a file of ours. Retry."""
    path = Path(source.address.removeprefix("file:"))
    return file_path_away(path, key=key, folder=Variant.folder, suffix=SUFFIXES[source.format])


def file_picture_away(content: bytes, *, key: str) -> Filed:
    """A JPEG. Retry."""
    return file_away(content, key=key, folder=Variant.folder, suffix=SUFFIXES["jpeg"])


def key_of(asset: Asset, kind: Variant.Kind, measure: int) -> str:
    """Of the variant, and of the job that makes it."""
    return variant_key(asset.tag, kind, measure, format_of(kind))


def row_of(asset: Asset, kind: Variant.Kind, measure: int, filed: Filed, frame: Frame) -> Variant:
    """For `recording.record_made`."""
    return Variant(
        asset=asset,
        key=key_of(asset, kind, measure),
        kind=kind,
        measure=measure,
        format=format_of(kind),
        width=frame.width,
        height=frame.height,
        file=filed.name,
        sha256=filed.sha256,
        size=filed.size,
        place=filed.place,
    )


def format_of(kind: Variant.Kind) -> str:
    """Films are MP4, what stands still is JPEG."""
    return "mp4" if kind == Variant.Kind.RENDITION else "jpeg"
