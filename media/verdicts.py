"""What a person decides about an upload. A program decides only where nobody has.

Each verdict is announced: pages that are kept show what it forbids, or lack what it allows.
"""

from django.db import transaction
from django.db.models import QuerySet

from deferral.errors import NotAllowed
from media.announcing import announce_change
from media.models import Asset


def release(*, asset_id: int, by: str, reason: str) -> None:
    """Let everybody see it. NotAllowed where somebody has meanwhile, or nothing of it is made."""
    _decide(asset_id, Asset.Verdict.OK)


def refuse(*, asset_id: int, by: str, reason: str) -> None:
    """Let nobody see it. NotAllowed where somebody has decided so meanwhile."""
    _decide(asset_id, Asset.Verdict.REFUSED)


def judge(assets: QuerySet[Asset], verdict: Asset.Verdict) -> None:
    """Decide about these in the caller's transaction, with what they belong to."""
    for asset in assets:
        announce_change(asset)
    assets.update(verdict=verdict)


@transaction.atomic
def _decide(asset_id: int, verdict: Asset.Verdict) -> None:
    asset = Asset.objects.select_for_update(no_key=True).get(pk=asset_id)
    if asset.verdict == verdict:
        raise NotAllowed("That was decided before.")
    if verdict == Asset.Verdict.OK and not asset.variants.exists():
        raise NotAllowed("Nothing is made of it that could be seen.")
    asset.verdict = verdict
    asset.save(update_fields=["verdict"])
    announce_change(asset)
