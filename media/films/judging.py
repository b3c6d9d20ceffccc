"""The verdict on a film, by its stills. Before there is one nobody sees anything of it."""

from deferral.tasks import finishing
from media.films.giving_up import thrice
from media.films.keeping import film_of
from media.films.moderation import moderator
from media.models import Asset, Variant


def judge(*, tag: str) -> None:
    """Ask, and write it down together with `done`. What a person has decided stays. Safe to repeat.

    Nothing happens where the film was deleted meanwhile.
    """
    asset = film_of(tag)
    if asset is None:
        return
    stills = asset.variants.filter(kind=Variant.Kind.STILL, forgotten_at=None).order_by("measure")
    with thrice():
        verdict = moderator().check([still.read() for still in stills])
    with finishing():
        nobody = Asset.objects.filter(pk=asset.pk, verdict=Asset.Verdict.UNSEEN)
        nobody.update(verdict=verdict)
