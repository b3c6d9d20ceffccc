"""What is done with an upload: looked at, kept, announced."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.db.models import Exists, OuterRef

from deferral.events import publish
from deferral.names import new_tag
from deferral.tasks import finishing
from deferral.text.typed import is_seen, tidy
from media.accepting import Looked, look
from media.events import AssetReady, AssetReceived
from media.filing import Filed, file_stream_away
from media.limits import LONGEST
from media.models import Asset, Variant
from media.models.assets import LONGEST_NAME, subject_of

NAMELESS = "without a name"
# Letters of a name that are looked at: some are written as several signs.
LOOKED_AT = 10 * LONGEST_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """An upload that is accepted and kept. Until a row names it, the sweep may take it in a day.

    Whoever asks after that whether there may be a row keeps it by `originals.named_or_deleted`.
    """

    tag: str
    name: str
    looked: Looked
    filed: Filed


def receive(
    file: IO[bytes],
    *,
    name: str,
    uploaded_by: str = "",
    verdict: Asset.Verdict = Asset.Verdict.UNSEEN,
) -> Asset:
    """Take an upload whole: `keep_original`, then `record_asset`."""
    original = keep_original(file, name=name)
    return record_asset(original, uploaded_by=uploaded_by, verdict=verdict)


def keep_original(
    file: IO[bytes], *, name: str, kinds: Collection[Asset.Kind] = tuple(Asset.Kind)
) -> Original:
    """Look at it, which must be one of `kinds`, and put it into storage. Outside any transaction.

    NotAccepted, with a sentence for people, before anything is kept. Retry, ServiceAway while the
    storage cannot take it.
    """
    looked = look(file, kinds)
    file.seek(0)
    tag = new_tag()
    filed = file_stream_away(
        file, key=subject_of(tag), folder=Asset.folder, suffix=f".{looked.format}"
    )
    return Original(tag=tag, name=tidy_name(name), looked=looked, filed=filed)


@transaction.atomic
def record_asset(
    original: Original,
    *,
    uploaded_by: str = "",
    verdict: Asset.Verdict = Asset.Verdict.UNSEEN,
    longest: int = LONGEST,
) -> Asset:
    """The row, and the event that has its variants made: both commit or neither does.

    Whoever shows it writes their own row in the same transaction. `verdict`: ok of what staff have
    looked at by choosing it; anything else is not public before somebody has. `longest`: seconds
    that it may have, if it is a film.
    """
    looked, filed = original.looked, original.filed
    asset = Asset.objects.create(
        key=subject_of(original.tag),
        tag=original.tag,
        file=filed.name,
        sha256=filed.sha256,
        size=filed.size,
        place=filed.place,
        kind=looked.kind,
        format=looked.format,
        name=original.name,
        width=looked.width,
        height=looked.height,
        placeholder=looked.sketch.placeholder,
        colour=looked.sketch.colour,
        uploaded_by=uploaded_by,
        verdict=verdict,
        longest=longest,
    )
    publish(AssetReceived(asset_id=asset.pk), subject=asset.subject)
    return asset


def tell_ready(*, tag: str) -> None:
    """Everything that is made of it is made, or failed for good: announce it. The body of its join.

    What nobody has judged by now, because a job of it was given up, is for staff to look at.
    Nothing is said of what was deleted meanwhile.
    """
    with finishing():
        nobody = Asset.objects.filter(tag=tag, verdict=Asset.Verdict.UNSEEN)
        nobody.filter(Exists(Variant.objects.filter(asset=OuterRef("pk")))).update(
            verdict=Asset.Verdict.REVIEW
        )
        for asset in Asset.objects.filter(tag=tag):
            publish(AssetReady(asset_id=asset.pk), subject=asset.subject)


def tidy_name(name: str) -> str:
    """As a person may read it in one line: no folders, nothing that cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2][:LOOKED_AT]
    shown = "".join(filter(str.isprintable, tidy(last)))[:LONGEST_NAME]
    return shown.strip() if is_seen(shown) else NAMELESS
